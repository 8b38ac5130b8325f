package dev.muster.registry.etcd;

import org.jspecify.annotations.Nullable;

/**
 * One key as it was read, or as an event says that it is now.
 *
 * @param value null when the key is gone; bytes that are no UTF-8 are U+FFFD, which no field takes
 * @param revision the revision of its last change
 */
record KeyChange(String key, @Nullable String value, long revision) {}
