package dev.muster.model;

import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/** A type of record that a service may have under its name. */
public enum DnsType {
    A,
    AAAA,
    /** Where its instances are, port and all, RFC 2782. */
    SRV;

    /**
     * Several with commas between.
     *
     * @throws IllegalArgumentException where one is none, or is said twice
     */
    static Set<DnsType> several(String text) {
        EnumSet<DnsType> types = EnumSet.noneOf(DnsType.class);
        for (String part : text.split(",", -1)) {
            DnsType type = Arrays.stream(values())
                    .filter(one -> one.name().equals(part.strip()))
                    .findFirst()
                    .orElseThrow(IllegalArgumentException::new);
            if (!types.add(type)) {
                throw new IllegalArgumentException(type + " is given twice");
            }
        }
        return Collections.unmodifiableSet(types);
    }
}
