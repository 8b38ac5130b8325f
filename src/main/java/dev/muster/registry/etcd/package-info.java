@NullMarked
package dev.muster.registry.etcd;

import org.jspecify.annotations.NullMarked;
