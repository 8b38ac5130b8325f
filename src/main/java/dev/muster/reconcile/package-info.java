@NullMarked
package dev.muster.reconcile;

import org.jspecify.annotations.NullMarked;
