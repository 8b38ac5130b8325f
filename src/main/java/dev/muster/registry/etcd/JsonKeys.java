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

/**
 * The layout {@code json}, one key per instance: the owner is a member of the object. A claim looks the same, in a place of
 * its own.
 *
 * @param root below which {@code <service>/<instance>} follow, without a trailing slash
 */
record JsonKeys(String root) implements OwnedLayout {

    @Override
    public SortedMap<String, String> write(Registration registration) {
        return new TreeMap<>(Map.of(key(registration.id()), JsonLayout.encode(registration)));
    }

    @Override
    public String key(InstanceId id) {
        return EtcdKeys.entry(root, id);
    }

    @Override
    public List<String> witnesses(InstanceId id) {
        return List.of(key(id));
    }

    @Override
    public Set<String> possible(InstanceId id) {
        return Set.of(key(id));
    }

    @Override
    public Op look(InstanceId id) {
        return Op.get(bytes(key(id)), GetOption.DEFAULT);
    }

    @Override
    public Optional<InstanceId> idOf(String key) {
        if (!key.startsWith(root + "/")) {
            return Optional.empty();
        }
        String[] parts = key.substring(root.length() + 1).split("/", -1);
        return parts.length == 2 && Name.isValid(parts[0]) && Name.isValid(parts[1])
                ? Optional.of(new InstanceId(parts[0], parts[1]))
                : Optional.empty();
    }

    @Override
    public SortedMap<String, String> fields(InstanceId id, Map<String, String> stored) {
        return JsonLayout.fields(stored.getOrDefault(key(id), "")).orElseGet(TreeMap::new);
    }

    @Override
    public boolean isMustersOwn() {
        return root.equals(EtcdKeys.CLAIMS);
    }
}
