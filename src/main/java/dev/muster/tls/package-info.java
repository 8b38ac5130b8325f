@NullMarked
package dev.muster.tls;

import org.jspecify.annotations.NullMarked;
