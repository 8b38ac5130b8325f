@NullMarked
package dev.muster.wiring;

import org.jspecify.annotations.NullMarked;
