package dev.muster.registry.etcd;

import static dev.muster.registry.etcd.EtcdKeys.bytes;

import dev.muster.model.InstanceId;
import dev.muster.model.Name;
import dev.muster.model.Registration;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.options.GetOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** The layout {@code fields}, one key per field: the owner is the field {@code owner}. */
record FieldKeys(EtcdKeys keys) implements OwnedLayout {

    @Override
    public SortedMap<String, String> write(Registration registration) {
        SortedMap<String, String> written = new TreeMap<>();
        String root = keys.instance(registration.id());
        FieldsLayout.encode(registration).forEach((field, value) -> written.put(root + field, value));
        return written;
    }

    @Override
    public String key(InstanceId id) {
        return keys.field(id, FieldsLayout.OWNER);
    }

    @Override
    public List<String> witnesses(InstanceId id) {
        return List.of(key(id), keys.field(id, FieldsLayout.PORT));
    }

    @Override
    public Set<String> possible(InstanceId id) {
        Set<String> possible = new TreeSet<>();
        FieldsLayout.NAMES.forEach(field -> possible.add(keys.field(id, field)));
        return possible;
    }

    @Override
    public Op look(InstanceId id) {
        return Op.get(
                bytes(keys.instance(id)), GetOption.builder().isPrefix(true).build());
    }

    @Override
    public Optional<InstanceId> idOf(String key) {
        return keys.parse(key) instanceof EtcdKeys.Field(String service, String instance, String field)
                        && Name.isValid(service)
                        && Name.isValid(instance)
                        && FieldsLayout.NAMES.contains(field)
                ? Optional.of(new InstanceId(service, instance))
                : Optional.empty();
    }

    @Override
    public SortedMap<String, String> fields(InstanceId id, Map<String, String> stored) {
        SortedMap<String, String> fields = new TreeMap<>();
        for (String field : FieldsLayout.NAMES) {
            String value = stored.get(keys.field(id, field));
            if (value != null) {
                fields.put(field, value);
            }
        }
        return fields;
    }

    @Override
    public boolean isMustersOwn() {
        return false;
    }
}
