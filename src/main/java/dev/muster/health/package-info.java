@NullMarked
package dev.muster.health;

import org.jspecify.annotations.NullMarked;
