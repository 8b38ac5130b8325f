package dev.muster.registry.etcd;

import dev.muster.model.InstanceState;
import dev.muster.model.Registration;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The layout {@code registrator}: {@code <prefix>/<service>/<instance>} is {@code ip:port}, as Registrator's etcd backend
 * wrote it (https://gliderlabs.github.io/registrator/latest/user/backends/#etcd). Only what is up stands there.
 */
record RegistratorLayout(String prefix) implements Layout {

    @Override
    public SortedMap<String, String> write(Registration registration) {
        return registration.state() == InstanceState.UP
                ? new TreeMap<>(Map.of(
                        EtcdKeys.entry(prefix, registration.id()),
                        registration.instance().target().toString()))
                : new TreeMap<>();
    }
}
