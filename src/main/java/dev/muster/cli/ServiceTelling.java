package dev.muster.cli;

import dev.muster.cli.Journey.Evidence;
import dev.muster.cli.Journey.Outcome;
import dev.muster.cli.Journey.Step;
import dev.muster.model.DnsSettings;
import dev.muster.model.InstanceState;
import dev.muster.model.Name;
import dev.muster.model.Registration;
import dev.muster.model.Target;
import dev.muster.plan.Hold;
import dev.muster.registry.Applied;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Where a whole service is on its way to each target: used once. */
final class ServiceTelling {

    private static final Comparator<Applied> ORDER =
            Comparator.comparing(Applied::provider).thenComparing(Applied::watcher);

    private final String service;
    private final Evidence evidence;
    private final Ways ways;
    private final List<Applied> records;
    private final List<Step> steps = new ArrayList<>();
    private final List<String> advice = new ArrayList<>();

    ServiceTelling(String service, Evidence evidence) {
        this.service = service;
        this.evidence = evidence;
        this.ways = new Ways(evidence);
        this.records = evidence.records().stream()
                .filter(record -> record.service().equals(service))
                .sorted(ORDER)
                .toList();
    }

    Journey tell() {
        Collection<Registration> registered = evidence.catalog().of(service).values();
        long up = registered.stream()
                .filter(one -> one.state() == InstanceState.UP)
                .count();
        steps.add(new Step(
                "registered",
                Optional.empty(),
                up > 0,
                "%d of %d up, at revision %d".formatted(up, registered.size(), changed())));
        records.forEach(this::at);
        return new Journey(service, outcome(registered.isEmpty(), up > 0), List.copyOf(steps), List.copyOf(advice));
    }

    private Outcome outcome(boolean nothingRegistered, boolean anyUp) {
        if (records.stream().anyMatch(record -> !record.held().isEmpty())) {
            advice.add("if what is held is gone for good: muster release " + service);
            return Outcome.HELD;
        }
        if (nothingRegistered && records.isEmpty()) {
            return settings().containsKey(DnsSettings.NAME.name()) ? nameAlone() : Outcome.UNKNOWN;
        }
        if (records.isEmpty()) {
            advice.add("no watcher has recorded this service yet: muster watcher, or what do their logs say?");
            return Outcome.WAITING;
        }
        boolean there = records.stream()
                .allMatch(record -> changed() <= record.revision()
                        && record.refused().isEmpty()
                        && record.spread()
                                .map(spread -> spread.took().isPresent())
                                .orElse(true));
        boolean allFail = records.stream().anyMatch(record -> !record.failing().isEmpty() && serving(record) == 0);
        return !anyUp || allFail ? Outcome.OUT_OF_SERVICE : there ? Outcome.IN_SERVICE : Outcome.WAITING;
    }

    /** Of the name whose last instance has said goodbye no record is left, but perhaps one in DNS. */
    private Outcome nameAlone() {
        boolean goes = "false".equals(settings().get(DnsSettings.KEEP_LAST.name()));
        String becomes =
                goes ? "goes with the last instance (%s=false)" : "what stands there stays as it was last (%s)";
        steps.add(new Step(
                "name",
                Optional.empty(),
                false,
                Name.printable(settings().getOrDefault(DnsSettings.NAME.name(), "")) + ": "
                        + becomes.formatted(DnsSettings.KEEP_LAST.name())));
        return Outcome.LEFT;
    }

    private SortedMap<String, String> settings() {
        return evidence.catalog().settings().getOrDefault(service, new TreeMap<>());
    }

    private void at(Applied record) {
        boolean behind = changed() > record.revision();
        steps.add(new Step(
                ways.name(record),
                Optional.of(record.at()),
                !behind && record.refused().isEmpty() && record.held().isEmpty(),
                (behind ? "at revision %d of %d, ".formatted(record.revision(), changed()) : "")
                        + "%d of %d in service"
                                .formatted(serving(record), record.targets().size())
                        + ways.kept(record)
                        + ways.spread(record)
                        + ways.gone(record)));
        if (behind) {
            advice.add(ways.behind(record));
        }
        for (Target target : record.failing()) {
            advice.add(ways.failing(record, target));
        }
        for (Hold hold : record.held()) {
            steps.add(new Step(
                    "held",
                    Optional.of(hold.since()),
                    false,
                    "%s at %s: %s".formatted(hold.instance(), hold.target(), hold.why())));
        }
        advice.addAll(ways.advice(record));
    }

    private static long serving(Applied record) {
        return record.targets().stream()
                .filter(entry ->
                        entry.state() == InstanceState.UP && !record.failing().contains(entry.target()))
                .count();
    }

    private long changed() {
        return evidence.catalog().changedAt().getOrDefault(service, 0L);
    }
}
