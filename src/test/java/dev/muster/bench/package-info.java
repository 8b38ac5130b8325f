/** Measures named scenarios on this machine; see {@code bin/bench --help}. */
@NullMarked
package dev.muster.bench;

import org.jspecify.annotations.NullMarked;
