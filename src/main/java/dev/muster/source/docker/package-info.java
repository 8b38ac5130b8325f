@NullMarked
package dev.muster.source.docker;

import org.jspecify.annotations.NullMarked;
