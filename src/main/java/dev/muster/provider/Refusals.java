package dev.muster.provider;

import dev.muster.plan.Refusal;
import dev.muster.plan.ServiceTargets;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What is not taken of services as they are to be. It is remembered, so that it is not tried at each look, until the service
 * is to be otherwise or some time has passed: what it rests on may have been mended. Used by one thread.
 */
public final class Refusals {

    private static final Duration AGAIN = Duration.ofSeconds(30);

    /**
     * @param wanted as the service was to be; empty where it was to leave
     * @param instead as it is now; empty where it is left out
     * @param always whether it is tried again at each look
     */
    private record Refused(
            Optional<ServiceTargets> wanted,
            Optional<ServiceTargets> instead,
            boolean always,
            long atNanos,
            Refusal why) {}

    private final boolean targetsApart;
    private final LongSupplier nanos;
    private final SortedMap<String, Refused> services = new TreeMap<>();

    /**
     * @param targetsApart whether targets come and go whatever is refused of a service
     * @param nanos a monotonic clock
     */
    public Refusals(boolean targetsApart, LongSupplier nanos) {
        this.targetsApart = targetsApart;
        this.nanos = nanos;
    }

    /** A look begins: what is to be tried again is forgotten. */
    public void begin() {
        services.values().removeIf(one -> one.always() || nanos.getAsLong() - one.atNanos() >= AGAIN.toNanos());
    }

    /** What an isolation has found. */
    public void add(SortedMap<String, ServiceTargets> wanted, Isolation.Found found) {
        found.refused().forEach((service, words) -> {
            Optional<ServiceTargets> was = Optional.ofNullable(wanted.get(service));
            Optional<ServiceTargets> instead =
                    Optional.ofNullable(found.accepted().get(service));
            String how = instead.isPresent() ? "it stays as it was accepted last" : "it is left out";
            Refusal why = new Refusal(what(was, instead), "%s (%s)".formatted(words, how));
            services.put(service, new Refused(was, instead, false, nanos.getAsLong(), why));
        });
    }

    /** Some of a service's targets are not as they were to be; the others are. */
    public void addTargets(Optional<ServiceTargets> wanted, ServiceTargets there, String words) {
        services.put(
                there.service(),
                new Refused(wanted, Optional.of(there), true, nanos.getAsLong(), new Refusal("targets", words)));
    }

    /** What can be had of this, as far as is known. A service that is to be otherwise than it was refused is tried. */
    public SortedMap<String, ServiceTargets> possible(SortedMap<String, ServiceTargets> desired) {
        services.entrySet().removeIf(one -> !same(one.getValue().wanted().orElse(null), desired.get(one.getKey())));
        if (services.isEmpty()) {
            return desired;
        }
        SortedMap<String, ServiceTargets> possible = new TreeMap<>(desired);
        services.forEach((service, one) -> {
            if (one.instead().isEmpty()) {
                possible.remove(service);
            } else if (targetsApart && !one.always()) {
                ServiceTargets now = desired.get(service);
                possible.put(service, one.instead().get().withTargets(now == null ? new TreeMap<>() : now.targets()));
            } else {
                possible.put(service, one.instead().get());
            }
        });
        return possible;
    }

    /** The opposite: what was desired where this is what could be had of it. */
    public SortedMap<String, ServiceTargets> desired(SortedMap<String, ServiceTargets> possible) {
        SortedMap<String, ServiceTargets> desired = new TreeMap<>(possible);
        services.forEach((service, one) -> {
            if (one.instead().equals(Optional.ofNullable(possible.get(service)))) {
                one.wanted().ifPresentOrElse(wanted -> desired.put(service, wanted), () -> desired.remove(service));
            }
        });
        return desired;
    }

    /** By service. */
    public SortedMap<String, Refusal> told() {
        SortedMap<String, Refusal> told = new TreeMap<>();
        services.forEach((service, one) -> told.put(service, one.why()));
        return told;
    }

    private boolean same(@Nullable ServiceTargets refused, @Nullable ServiceTargets now) {
        if (refused == null || now == null || !targetsApart) {
            return Objects.equals(refused, now);
        }
        return refused.withTargets(now.targets()).equals(now);
    }

    /** In which settings both differ: one of them is why. */
    private static String what(Optional<ServiceTargets> wanted, Optional<ServiceTargets> instead) {
        if (wanted.isEmpty()) {
            return "its departure";
        }
        Map<String, String> now = settings(wanted.get());
        Map<String, String> before = instead.map(Refusals::settings).orElse(Map.of());
        TreeSet<String> differing = new TreeSet<>(now.keySet());
        differing.addAll(before.keySet());
        differing.removeIf(name -> Objects.equals(now.get(name), before.get(name)));
        return differing.isEmpty() ? "service" : "setting " + String.join(", ", differing);
    }

    private static Map<String, String> settings(ServiceTargets service) {
        Map<String, String> settings = new TreeMap<>(service.about().settings());
        settings.putAll(service.options().settings());
        if (!service.routes().isEmpty()) {
            settings.put("route", String.valueOf(service.routes()));
        }
        return settings;
    }
}
