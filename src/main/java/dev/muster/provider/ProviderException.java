package dev.muster.provider;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A provider's target could not be read or changed; the message says which and why. */
public final class ProviderException extends Exception {

    private final transient SortedMap<String, String> services;

    public ProviderException(String message) {
        super(message);
        this.services = new TreeMap<>();
    }

    public ProviderException(String message, Throwable cause) {
        super(message, cause);
        this.services = new TreeMap<>();
    }

    /** @param services by name, why each of these is not in step; all others are */
    public ProviderException(SortedMap<String, String> services) {
        super(services.entrySet().stream()
                .map(one -> one.getKey() + ": " + one.getValue())
                .collect(Collectors.joining("; ")));
        this.services = new TreeMap<>(services);
    }

    /** Those that are not in step, and why, where all others are; empty where that is not known of any. */
    public SortedMap<String, String> services() {
        return Collections.unmodifiableSortedMap(services);
    }
}
