package dev.muster.source;

import dev.muster.model.AliasKey;
import dev.muster.model.Name;
import dev.muster.model.Template;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/** More keys that say of an instance what a label asks for: {@code <key>=<template>}. Pure. */
final class Aliases {

    private static final int MOST = 10;
    private static final int LONGEST = 4096;

    private Aliases() {}

    /**
     * Whole key to value.
     *
     * @param refused takes a sentence for each that cannot be taken: it alone is left out
     */
    static SortedMap<String, String> of(List<Said> labels, Map<String, String> facts, Consumer<String> refused) {
        SortedMap<String, String> aliases = new TreeMap<>();
        for (Said said : labels) {
            try {
                add(said, facts, aliases);
            } catch (IllegalArgumentException e) {
                refused.accept(e.getMessage());
            }
        }
        return aliases;
    }

    private static void add(Said said, Map<String, String> facts, SortedMap<String, String> aliases) {
        int equals = said.value().indexOf('=');
        if (equals < 0) {
            throw said.refused("allowed is key=template, such as /services/db/db_private_ip=%{private_ip}");
        }
        String key = AliasKey.require(said.where(), said.value().substring(0, equals));
        String value;
        try {
            value = new Template(said.value().substring(equals + 1)).expand(facts);
        } catch (IllegalArgumentException e) {
            throw said.refused(String.valueOf(e.getMessage()));
        }
        if (value.length() > LONGEST || !Said.isPlain(value)) {
            throw said.refused("allowed are %d characters without control characters".formatted(LONGEST));
        }
        if (aliases.putIfAbsent(key, value) != null) {
            throw said.refused("%s is given already, by another label".formatted(Name.printable(key)));
        }
        if (aliases.size() > MOST) {
            aliases.remove(key);
            throw said.refused("allowed are %d aliases".formatted(MOST));
        }
    }
}
