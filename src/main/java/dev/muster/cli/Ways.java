package dev.muster.cli;

import dev.muster.model.DnsSettings;
import dev.muster.model.InstanceState;
import dev.muster.model.Target;
import dev.muster.plan.Refusal;
import dev.muster.registry.Applied;
import dev.muster.registry.Progress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The ways to targets, as records tell them: who goes it, how far it is, and what is in the way. */
final class Ways {

    private final Journey.Evidence evidence;
    private final Set<String> present;

    /** By group, who leads it. */
    private final Map<String, String> leaders = new TreeMap<>();

    Ways(Journey.Evidence evidence) {
        this.evidence = evidence;
        this.present = Progress.names(evidence.watchers());
        evidence.leaders().forEach(leader -> leaders.put(leader.group(), leader.watcher()));
    }

    /** {@code haproxy on lb1}; {@code route53 by group route53, led by dns1}. */
    String name(Applied record) {
        if (!isGroups(record)) {
            return record.provider() + " on " + record.watcher();
        }
        return "%s by group %s, %s"
                .formatted(
                        record.provider(),
                        record.watcher(),
                        leader(record).map(leader -> "led by " + leader).orElse("led by nobody"));
    }

    private boolean isGroups(Applied record) {
        return leaders.containsKey(record.watcher())
                || evidence.watchers().stream()
                        .anyMatch(watcher -> watcher.groups().contains(record.watcher()))
                || (record.provider().equals(Places.ROUTE53) && record.watcher().startsWith(Places.ROUTE53));
    }

    private Optional<String> leader(Applied record) {
        return Optional.ofNullable(leaders.get(record.watcher()));
    }

    /** Who brings what is recorded to where it is to be: a watcher, of a group the one that leads, or the group where nobody does. */
    String steers(Applied record) {
        return leader(record).orElse(record.watcher());
    }

    String gone(Applied record) {
        return present.contains(record.watcher()) ? "" : "; that watcher is gone";
    }

    /** Why what is recorded is not the newest yet, and what to do about it. */
    String behind(Applied record) {
        if (!present.contains(record.watcher())) {
            return "start watcher '%s' again: muster watcher".formatted(record.watcher());
        }
        String watcher = steers(record);
        return evidence.watchers().stream()
                .filter(one -> one.id().equals(watcher))
                .flatMap(one -> Optional.ofNullable(one.troubles().get(record.provider())).stream())
                .findFirst()
                .map(trouble ->
                        "watcher '%s' cannot bring its %s in step: %s".formatted(watcher, record.provider(), trouble))
                .orElse("watcher '%s' is at work on it".formatted(watcher));
    }

    /** What a target that takes its time has made of the newest change. */
    String spread(Applied record) {
        return record.spread()
                .map(spread -> spread.took()
                        .map(took -> "; on every name server " + millis(took) + " after it was accepted (INSYNC)")
                        .orElseGet(() -> "; accepted " + Age.of(spread.at(), evidence.now())
                                + " ago, and not on every name server yet (not INSYNC)"))
                .orElse("");
    }

    /** A name that leads to the last that served there. */
    String kept(Applied record) {
        boolean keeps = record.provider().equals(Places.ROUTE53)
                && record.targets().stream().noneMatch(entry -> entry.state() == InstanceState.UP)
                && !record.targets().isEmpty()
                && !"false".equals(setting(record, DnsSettings.KEEP_LAST.name()));
        return keeps ? "; no instance is in service, so its record stays as it was last (dns_keep_last)" : "";
    }

    private String setting(Applied record, String name) {
        return evidence.catalog()
                .settings()
                .getOrDefault(record.service(), new TreeMap<>())
                .getOrDefault(name, "");
    }

    /** Where the target itself does not reach what is registered. */
    String failing(Applied record, Target target) {
        return "%s: its own check of %s fails, so it sends no requests there: connect to it from that machine"
                .formatted(name(record), target);
    }

    /** What a person can do about it. */
    List<String> advice(Applied record) {
        List<String> advice = new ArrayList<>();
        for (Refusal refusal : record.refused()) {
            advice.add("%s: %s of %s is not in force: %s"
                    .formatted(name(record), refusal.what(), record.service(), refusal.why()));
        }
        boolean conflict = record.refused().stream().anyMatch(one -> one.why().contains("stands there already"));
        if (record.provider().equals(Places.ROUTE53) && conflict) {
            advice.add("to hand the name over: muster adopt dns " + setting(record, DnsSettings.NAME.name()));
        }
        if (isGroups(record) && leader(record).isEmpty()) {
            advice.add("nobody leads the group %s, so nothing is changed there: start a watcher of it, or read its log"
                    .formatted(record.watcher()));
        }
        return advice;
    }

    static String millis(Duration took) {
        return took.compareTo(Duration.ofSeconds(10)) >= 0
                ? took.toSeconds() + " s"
                : took.compareTo(Duration.ofMillis(10)) >= 0
                        ? took.toMillis() + " ms"
                        : String.format(Locale.ROOT, "%.1f ms", took.toNanos() / 1e6);
    }
}
