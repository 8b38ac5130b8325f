package dev.muster.doctor;

import java.util.Locale;

/** What a check is about. The words are those of {@code --only} and of the JSON. */
public enum Area {
    ETCD,
    REGISTRY,
    DOCKER,
    CONTAINERS,
    HOST,
    HAPROXY,
    TEMPLATES;

    /** For instance {@code etcd}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
