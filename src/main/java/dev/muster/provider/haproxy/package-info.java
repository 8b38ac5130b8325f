/** Drives one HAProxy: its file, its process, its servers. */
@NullMarked
package dev.muster.provider.haproxy;

import org.jspecify.annotations.NullMarked;
