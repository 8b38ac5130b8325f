/** What tests with real processes stand on: the processes themselves, and ways to hurt them. */
@NullMarked
package dev.muster.testkit;

import org.jspecify.annotations.NullMarked;
