package dev.muster.registry.etcd;

import dev.muster.model.InstanceId;
import io.etcd.jetcd.op.Op;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;

/**
 * A layout whose entry says whose an instance is: the mod revision of its key is the instance's version, which every write
 * compares, and the whole registration can be read from it.
 */
interface OwnedLayout extends Layout {

    /** The key that names the owner. */
    String key(InstanceId id);

    /** Keys of which none may be there at a first write; the first is {@link #key}. */
    List<String> witnesses(InstanceId id);

    /** Every key that an owner may write. */
    Set<String> possible(InstanceId id);

    /** Reads all of the entry. */
    Op look(InstanceId id);

    /** The instance of whose entry a key may be a part. */
    Optional<InstanceId> idOf(String key);

    /**
     * The fields that are stored, by their names in {@link FieldsLayout}; none where what is stored is no entry.
     *
     * @param stored the entry's values by whole key, and perhaps others
     */
    SortedMap<String, String> fields(InstanceId id, Map<String, String> stored);

    /** Whether nobody but Muster writes there, so that what cannot be understood is nobody's. */
    boolean isMustersOwn();
}
