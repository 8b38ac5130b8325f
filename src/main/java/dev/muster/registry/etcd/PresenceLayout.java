package dev.muster.registry.etcd;

import dev.muster.model.Addresses;
import dev.muster.model.Instance;
import dev.muster.model.InstanceState;
import dev.muster.model.Registration;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The layout {@code presence}: {@code /services/NAME/instances/N/} with {@code host}, {@code port}, {@code private_ip} and
 * {@code public_ip}, each only if there is one. It has no word for an instance that does not serve: only one that is up
 * stands there.
 */
record PresenceLayout(EtcdKeys keys) implements Layout {

    /** The names of its fields, and what they are called in {@link FieldsLayout}. */
    static final Map<String, String> NAMES = Map.of(
            "host", "host",
            "port", FieldsLayout.PORT,
            "private_ip", FieldsLayout.PRIVATE,
            "public_ip", FieldsLayout.PUBLIC);

    @Override
    public SortedMap<String, String> write(Registration registration) {
        SortedMap<String, String> written = new TreeMap<>();
        if (registration.state() != InstanceState.UP) {
            return written;
        }
        Instance instance = registration.instance();
        Addresses addresses = instance.addresses();
        Map<String, String> fields = Map.of(
                "host", instance.host(),
                "port", Integer.toString(instance.port()),
                "private_ip", addresses.privateIpv4(),
                "public_ip", addresses.publicIpv4());
        fields.forEach((field, value) -> {
            if (!value.isEmpty()) {
                written.put(keys.presence(instance.id()) + field, value);
            }
        });
        return written;
    }
}
