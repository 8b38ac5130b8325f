/** What {@code muster doctor} is made of: checks, what they find, and what runs them. */
@NullMarked
package dev.muster.doctor;

import org.jspecify.annotations.NullMarked;
