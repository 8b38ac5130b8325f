package dev.muster.cli;

import dev.muster.cli.Journey.Evidence;
import dev.muster.cli.Journey.Outcome;
import dev.muster.cli.Journey.Step;
import dev.muster.model.Goodbye;
import dev.muster.model.Instance;
import dev.muster.model.InstanceId;
import dev.muster.model.InstanceState;
import dev.muster.model.Protocol;
import dev.muster.model.Registration;
import dev.muster.model.Target;
import dev.muster.plan.Hold;
import dev.muster.registry.Applied;
import dev.muster.registry.Publications.Publication;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** One journey while it is put together: used once. */
final class JourneyTelling {

    private static final Comparator<Applied> ORDER =
            Comparator.comparing(Applied::provider).thenComparing(Applied::watcher);

    private final InstanceId id;
    private final Evidence evidence;
    private final Ways ways;
    private final List<Applied> records;
    private final List<Step> steps = new ArrayList<>();
    private final List<String> advice = new ArrayList<>();

    JourneyTelling(InstanceId id, Evidence evidence) {
        this.id = id;
        this.evidence = evidence;
        this.ways = new Ways(evidence);
        this.records = evidence.records().stream()
                .filter(record -> record.service().equals(id.service()))
                .sorted(ORDER)
                .toList();
    }

    Journey tell() {
        Optional<Registration> registration =
                Optional.ofNullable(evidence.catalog().registrations().get(id));
        Outcome outcome = registration.map(this::registered).orElseGet(this::notRegistered);
        records.forEach(record -> advice.addAll(ways.advice(record)));
        setAside();
        return new Journey(id.toString(), outcome, List.copyOf(steps), List.copyOf(advice));
    }

    private Outcome registered(Registration registration) {
        Instance instance = registration.instance();
        started(instance);
        healthy(registration);
        published(registration);
        if (instance.protocol() == Protocol.UDP && records.stream().noneMatch(JourneyTelling::inDns)) {
            advice.add("it speaks udp, which no load balancer takes");
            return Outcome.OUT_OF_SERVICE;
        }
        boolean everywhere = true;
        boolean anywhere = false;
        for (Applied record : records) {
            boolean serving = in(record, registration);
            everywhere &= serving || Places.of(instance, record.provider()).isEmpty();
            anywhere |= serving;
        }
        if (records.isEmpty()) {
            advice.add(
                    evidence.watchers().isEmpty()
                            ? "no watcher is running, so nothing brings it to a load balancer: muster watcher"
                            : "no watcher has recorded this service yet; what do their logs say?");
            return Outcome.WAITING;
        }
        if (anywhere && everywhere) {
            return Outcome.IN_SERVICE;
        }
        boolean failing = records.stream().anyMatch(record -> record.failing().contains(instance.target()));
        return registration.state() == InstanceState.UP && !failing ? Outcome.WAITING : Outcome.OUT_OF_SERVICE;
    }

    private void started(Instance instance) {
        String run = instance.run().containerId();
        String container = run.length() > 12 ? run.substring(0, 12) : run;
        steps.add(new Step(
                "started",
                instant(instance.run().startedAt()),
                true,
                (container.isEmpty() ? "on " : "container " + container + " on ")
                        + instance.host()
                        + (instance.image().isEmpty() ? "" : ", image " + instance.image())));
    }

    private void healthy(Registration registration) {
        String check = registration.instance().check().toString();
        String reason = registration.reason();
        switch (registration.state()) {
            case UP -> steps.add(new Step("healthy", Optional.empty(), true, "its check (" + check + ") passes"));
            case DOWN -> {
                boolean paused = reason.equals(Registration.REASON_PAUSED);
                steps.add(new Step(
                        "healthy",
                        Optional.empty(),
                        false,
                        paused ? "down: its container is paused" : "down: its check (" + check + ") fails"));
                advice.add(
                        paused
                                ? "unpause its container: docker unpause"
                                : "see why its check fails: connect to %s, and read the container's log"
                                        .formatted(registration.instance().target()));
            }
            case DRAINING ->
                steps.add(new Step(
                        "healthy",
                        Optional.empty(),
                        false,
                        "draining" + (reason.isEmpty() ? "" : ": " + reason) + "; it gets no new requests"));
        }
    }

    private void published(Registration registration) {
        Optional<Publication> publication = evidence.publication();
        String lease = publication
                .map(said -> said.leaseLeft()
                        .map(left -> ", its lease has %d s left".formatted(left.toSeconds()))
                        .orElse(", under no lease"))
                .orElse("");
        boolean agentIsThere =
                evidence.agents().stream().anyMatch(agent -> agent.owner().equals(registration.owner()));
        boolean owned = !registration.owner().isEmpty();
        steps.add(new Step(
                "published",
                firstArrival(),
                !owned || agentIsThere,
                publication.map(said -> "at revision " + said.revision()).orElse("by an entry that names no owner")
                        + " as " + registration.instance().target()
                        + (owned ? ", by " + registration.owner() : "") + lease
                        + (owned && !agentIsThere ? "; no agent of that name is there" : "")));
        if (owned && !agentIsThere) {
            advice.add("start the agent '%s' again: muster agent".formatted(registration.owner()));
        }
        evidence.agents().stream()
                .filter(agent -> agent.owner().equals(registration.owner())
                        && agent.engine().equals("unreachable"))
                .findFirst()
                .ifPresent(agent -> advice.add(
                        "the container engine of '%s' does not answer, so what is published may be old: on that host, muster doctor --only docker"
                                .formatted(agent.owner())));
    }

    /** As the first watcher saw it, where this is the first thing that it saw of this run. */
    private Optional<Instant> firstArrival() {
        return records.stream()
                .flatMap(record -> record.targets().stream())
                .filter(entry -> entry.instance().equals(id) && known(entry.since()))
                .map(entry -> entry.since().at().minus(entry.since().took().orElse(Duration.ZERO)))
                .min(Comparator.naturalOrder());
    }

    /** What one watcher's record says of it; whether it gets traffic there. */
    private boolean in(Applied record, Registration registration) {
        String name = ways.name(record);
        List<Target> places = Places.of(registration.instance(), record.provider());
        Optional<Applied.Entry> entry = record.targets().stream()
                .filter(one -> one.instance().equals(id) && places.contains(one.target()))
                .findFirst();
        if (entry.isEmpty()) {
            steps.add(new Step(name, Optional.empty(), false, absent(record, places)));
            return false;
        }
        boolean up = entry.get().state() == InstanceState.UP;
        boolean failing = record.failing().contains(entry.get().target());
        if (failing) {
            advice.add(ways.failing(record, entry.get().target()));
        }
        String kept = !up || registration.state() == InstanceState.UP
                ? ""
                : registration.state() == InstanceState.DRAINING
                        ? ", the last one: it stays until its goodbye"
                        : ", although it is down: too few would be left (fail open)";
        steps.add(new Step(
                name,
                Optional.of(entry.get().since().at())
                        .filter(at -> known(entry.get().since())),
                up && !failing,
                (failing
                                ? "gets no requests, its check there fails"
                                : up ? "in service" : entry.get().state().text())
                        + kept
                        + inFlight(record)
                        + entry.get()
                                .since()
                                .took()
                                .filter(any -> !failing)
                                .map(took -> ", " + Ways.millis(took) + " after its event arrived there")
                                .orElse("")
                        + ways.spread(record)
                        + ways.kept(record)
                        + gone(record)));
        return up && !failing;
    }

    private static boolean inDns(Applied record) {
        return record.provider().equals(Places.ROUTE53);
    }

    private String absent(Applied record, List<Target> places) {
        if (places.isEmpty()) {
            advice.add("give it a public address: muster agent --public-address, or the label muster.address");
            return "not there: it has no public address" + gone(record);
        }
        long changed = evidence.catalog().changedAt().getOrDefault(id.service(), 0L);
        Optional<Applied.Entry> other = record.targets().stream()
                .filter(one -> places.contains(one.target()))
                .findFirst();
        if (other.isPresent()) {
            advice.add("%s has the same address and port, and started later; one of both is wrong: muster get %s"
                    .formatted(other.get().instance(), id.service()));
            return "not there: %s stands at %s"
                    .formatted(other.get().instance(), other.get().target());
        }
        if (changed > record.revision()) {
            advice.add(ways.behind(record));
            return "not yet: it is at revision %d of %d%s".formatted(record.revision(), changed, gone(record));
        }
        if (record.refused().isEmpty()) {
            advice.add("watcher '%s' does not bind it to %s".formatted(ways.steers(record), record.provider()));
        }
        return "not there" + gone(record);
    }

    private String inFlight(Applied record) {
        return record.leaving().draining().stream()
                .filter(one -> one.instance().equals(id) && one.inFlight().isPresent())
                .map(one -> ", %d requests in flight".formatted(one.inFlight().getAsInt()))
                .findFirst()
                .orElse("");
    }

    private String gone(Applied record) {
        return ways.gone(record);
    }

    private Outcome notRegistered() {
        Optional<Goodbye> goodbye = evidence.catalog().goodbye(id);
        goodbye.ifPresent(said -> steps.add(new Step(
                "goodbye",
                Optional.empty(),
                true,
                "said by %s: %s".formatted(said.owner(), said.reason().text()))));
        boolean held = false;
        boolean standing = false;
        for (Applied record : records) {
            String name = ways.name(record);
            for (Hold hold : record.held()) {
                if (hold.instance().equals(id)) {
                    held = true;
                    steps.add(new Step(
                            name,
                            Optional.of(hold.since()),
                            false,
                            "held at %s for %s: %s%s"
                                    .formatted(
                                            hold.target(),
                                            Age.of(hold.since(), evidence.now()),
                                            hold.why(),
                                            gone(record))));
                }
            }
            boolean heldHere =
                    record.held().stream().anyMatch(hold -> hold.instance().equals(id));
            if (!heldHere
                    && record.targets().stream()
                            .anyMatch(entry -> entry.instance().equals(id))) {
                standing = true;
                steps.add(new Step(name, Optional.empty(), false, "still there" + gone(record)));
            }
        }
        if (held) {
            advice.add("if it runs, its agent is to say so: on its host, muster doctor");
            advice.add("if it is gone for good: muster release " + id.service());
            return Outcome.HELD;
        }
        return goodbye.isPresent() || standing ? Outcome.LEFT : Outcome.UNKNOWN;
    }

    private void setAside() {
        String json = evidence.prefix() + "/" + id;
        evidence.catalog().rejected().forEach((key, why) -> {
            if (key.equals(json) || key.startsWith(json + "/")) {
                steps.add(new Step("set aside", Optional.empty(), false, key + ": " + why));
                advice.add("its owner repairs it; where there is none, delete what is wrong there");
            }
        });
    }

    private static boolean known(Applied.Since since) {
        return !since.equals(Applied.Since.UNKNOWN);
    }

    private static Optional<Instant> instant(String text) {
        try {
            return Optional.of(Instant.parse(text));
        } catch (DateTimeParseException e) {
            return Optional.empty(); // an entry of another kind of program, which says no start
        }
    }
}
