@NullMarked
package dev.muster.watcher;

import org.jspecify.annotations.NullMarked;
