package dev.muster.registry.etcd;

import dev.muster.model.Instance;
import dev.muster.model.InstanceId;
import dev.muster.model.InstanceState;
import dev.muster.model.Registration;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.CRC32;

/**
 * The layout {@code skydns}, which CoreDNS's plugin etcd serves (https://coredns.io/plugins/etcd/): below the prefix the
 * domain's labels in reverse, the service, and a leaf of its own for each instance; the value is a JSON object. Only what is up
 * and has a weight stands there, since DNS asks nobody; CoreDNS reads a weight of 0 as none given.
 *
 * @param prefix CoreDNS's {@code path}
 * @param domain the zone ({@code skydns.local})
 */
record SkydnsLayout(String prefix, String domain) implements Layout {

    private static final int PRIORITY = 10;
    private static final int TTL_SECONDS = 10;
    private static final int LONGEST_LABEL = 63;

    @Override
    public SortedMap<String, String> write(Registration registration) {
        Instance instance = registration.instance();
        if (registration.state() != InstanceState.UP || instance.weight() == 0) {
            return new TreeMap<>();
        }
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("host", instance.target().address());
        members.put("port", instance.port());
        members.put("priority", PRIORITY);
        members.put("weight", instance.weight());
        members.put("ttl", TTL_SECONDS);
        return new TreeMap<>(Map.of(key(instance.id()), Json.text(members)));
    }

    private String key(InstanceId id) {
        List<String> labels = Arrays.asList(domain.split("\\."));
        Collections.reverse(labels);
        return "%s/%s/%s/%s".formatted(prefix, String.join("/", labels), label(id.service()), label(id.instance()));
    }

    /**
     * One label of a DNS name. Queries come in lower case, a dot would make it two labels, and a name has at most 63
     * characters: where that changes a name, its checksum follows, so that two names never become one.
     */
    static String label(String name) {
        StringBuilder label = new StringBuilder();
        for (char c : name.toLowerCase(Locale.ROOT).toCharArray()) {
            label.append(c == '.' ? '-' : c);
        }
        if (label.toString().equals(name) && name.length() <= LONGEST_LABEL) {
            return name;
        }
        CRC32 checksum = new CRC32();
        checksum.update(name.getBytes(StandardCharsets.UTF_8));
        String suffix = "-%08x".formatted(checksum.getValue());
        label.setLength(Math.min(label.length(), LONGEST_LABEL - suffix.length()));
        return label + suffix;
    }
}
