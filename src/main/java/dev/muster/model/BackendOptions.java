package dev.muster.model;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What a person says of a balancer's backend. Each value has met its option's grammar. */
public record BackendOptions(SortedMap<BackendOption, String> values) {

    public static final BackendOptions NONE = new BackendOptions(new TreeMap<>());

    public BackendOptions {
        SortedMap<BackendOption, String> checked = new TreeMap<>();
        values.forEach((option, value) -> checked.put(option, option.require(value)));
        values = Collections.unmodifiableSortedMap(checked);
    }

    /**
     * Reads {@code balance=leastconn,timeout_server=30s}; blanks around each part count for nothing.
     *
     * @throws IllegalArgumentException naming the part that is none
     */
    static BackendOptions parse(String text) {
        SortedMap<BackendOption, String> values = new TreeMap<>();
        if (text.isEmpty()) {
            return NONE;
        }
        for (String part : text.split(",", -1)) {
            int equals = part.indexOf('=');
            String name = (equals < 0 ? part : part.substring(0, equals)).strip();
            BackendOption option = BackendOption.find(name)
                    .orElseThrow(() ->
                            new IllegalArgumentException("there is no option '%s'".formatted(Name.printable(name))));
            String value = equals < 0 ? "" : part.substring(equals + 1).strip();
            if (values.put(option, option.require(value)) != null) {
                throw new IllegalArgumentException("%s is given twice".formatted(name));
            }
        }
        return new BackendOptions(values);
    }

    public Optional<String> get(BackendOption option) {
        return Optional.ofNullable(values.get(option));
    }

    /** As {@link #parse} reads it, in a fixed order. */
    @Override
    public String toString() {
        return values.entrySet().stream().map(BackendOptions::text).collect(Collectors.joining(","));
    }

    private static String text(Map.Entry<BackendOption, String> entry) {
        return entry.getKey().text() + "=" + entry.getValue();
    }
}
