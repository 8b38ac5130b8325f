@NullMarked
package dev.muster.process;

import org.jspecify.annotations.NullMarked;
