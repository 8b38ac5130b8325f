package dev.muster.source;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Muster's own labels: {@code muster.<key>}, or {@code muster.<port>.<key>} which beats it. An empty one is as good as none. */
final class MusterLabels {

    private static final String PREFIX = "muster.";

    private final Map<String, String> labels;

    MusterLabels(Map<String, String> labels) {
        this.labels = labels;
    }

    /** What is said of the whole container. */
    Optional<Said> find(String key) {
        return said(PREFIX + key, false).filter(said -> !said.value().isEmpty());
    }

    /** What is said of this port alone. */
    Optional<Said> ofPort(int port, String key) {
        return said(PREFIX + port + "." + key, true)
                .filter(said -> !said.value().isEmpty());
    }

    /** What is said of this port, or else of the whole container. */
    Optional<Said> find(int port, String key) {
        Optional<Said> own = ofPort(port, key);
        return own.isPresent() ? own : find(key);
    }

    /** A switch of the whole container; without a value it says yes. */
    Optional<Boolean> flag(String key) {
        return said(PREFIX + key, false).map(Said::truth);
    }

    /** A switch of this port alone; without a value it says yes. */
    Optional<Boolean> flagOfPort(int port, String key) {
        return said(PREFIX + port + "." + key, true).map(Said::truth);
    }

    /** By what follows {@code key.} in the label: {@code muster.attribute.<name>}, again the port's own before the container's. */
    SortedMap<String, Said> below(int port, String key) {
        SortedMap<String, Said> found = new TreeMap<>();
        below(PREFIX + key + ".", false, found);
        below(PREFIX + port + "." + key + ".", true, found);
        return found;
    }

    /** {@code muster.alias}, and any number of {@code muster.alias.<word>}, of this port and of the container, by label. */
    List<Said> each(int port, String key) {
        List<Said> all = new ArrayList<>();
        find(key).ifPresent(all::add);
        ofPort(port, key).ifPresent(all::add);
        SortedMap<String, Said> more = new TreeMap<>();
        below(port, key).values().forEach(said -> more.put(said.label(), said));
        all.addAll(more.values());
        return all;
    }

    private void below(String prefix, boolean ofPort, SortedMap<String, Said> found) {
        labels.forEach((label, value) -> {
            if (label.startsWith(prefix)) {
                found.put(label.substring(prefix.length()), new Said(label, value, ofPort));
            }
        });
    }

    private Optional<Said> said(String label, boolean ofPort) {
        return Optional.ofNullable(labels.get(label)).map(value -> new Said(label, value, ofPort));
    }
}
