@NullMarked
package dev.muster.provider;

import org.jspecify.annotations.NullMarked;
