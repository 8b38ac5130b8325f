package dev.muster.registry;

import dev.muster.model.Name;
import dev.muster.model.Target;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A person overrules the guard, once, for what it held when that person looked: {@code /muster/release/<service>/<provider>}.
 *
 * @param targets what is let go
 * @param by who says so
 * @param revision at which it was written, which is also its name; 0 before that
 * @param unasked whether it counts only while the service asks for no name: whoever took the name away has said it
 */
public record Release(
        String service,
        String provider,
        SortedSet<Target> targets,
        String by,
        Instant at,
        long revision,
        boolean unasked) {

    /** How long it stands when nobody obeys it. */
    public static final Duration LIFE = Duration.ofMinutes(10);

    /** The same of what was said while nobody was there to hear it: a watcher may be away for long. */
    public static final Duration LIFE_UNHEARD = Duration.ofDays(7);

    /** Of what a guard holds, whatever the service asks for. */
    public Release(String service, String provider, SortedSet<Target> targets, String by, Instant at, long revision) {
        this(service, provider, targets, by, at, revision, false);
    }

    public Release {
        Name.require("service", service);
        Name.require("provider", provider);
        if (targets.isEmpty()) {
            throw new IllegalArgumentException("targets of a release: at least one must be given");
        }
        targets = Collections.unmodifiableSortedSet(new TreeSet<>(targets));
    }
}
