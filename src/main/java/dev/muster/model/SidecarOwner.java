package dev.muster.model;

import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The name under which a sidecar publishes, unless it is given another: {@code <host>.<container>}. It is a rule, so that
 * the host's own agent knows which owners may have one of its containers.
 */
public final class SidecarOwner {

    private SidecarOwner() {}

    /** Of a sidecar that cares for the container of this name; what cannot stand in a name is a dash. */
    public static String of(String host, String container) {
        StringBuilder name = new StringBuilder(host).append('.');
        for (int i = 0; i < container.length(); i++) {
            char c = container.charAt(i);
            boolean plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            name.append(plain || c == '.' || c == '_' ? c : '-');
        }
        return name.toString();
    }

    /**
     * The sidecars that may care for the container of a registration: the one of its name, and the one of its unit.
     *
     * @param container its name
     * @param unit or empty
     */
    public static Set<String> of(String host, String container, String unit) {
        Set<String> owners = new LinkedHashSet<>();
        if (!container.isEmpty()) {
            owners.add(of(host, container));
        }
        if (!unit.isEmpty()) {
            try {
                owners.add(of(host, new UnitName(unit).container()));
            } catch (IllegalArgumentException e) {
                return owners; // the field may hold any text, and no sidecar is called for what is no unit
            }
        }
        return owners;
    }
}
