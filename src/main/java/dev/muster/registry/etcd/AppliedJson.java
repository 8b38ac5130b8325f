package dev.muster.registry.etcd;

import dev.muster.model.Instance;
import dev.muster.model.InstanceId;
import dev.muster.model.InstanceState;
import dev.muster.model.Name;
import dev.muster.model.Run;
import dev.muster.model.Target;
import dev.muster.plan.Hold;
import dev.muster.plan.Refusal;
import dev.muster.plan.Spread;
import dev.muster.registry.Applied;
import dev.muster.registry.Progress.Watcher;
import dev.muster.registry.Release;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** The values under {@code /muster/applied/}, {@code release/} and {@code watchers/}; what their keys say is not repeated in them. */
final class AppliedJson {

    private AppliedJson() {}

    static String encode(Applied record) {
        List<Object> targets = new ArrayList<>(record.targets().size());
        for (Applied.Entry entry : record.targets()) {
            Map<String, Object> members = place(record, entry.instance(), entry.target());
            members.put("container_id", entry.run().containerId());
            members.put("started_at", entry.run().startedAt());
            members.put("check", FieldsLayout.checkMembers(entry.check()));
            members.put("state", entry.state().text());
            members.put("weight", entry.weight());
            members.put("owner", entry.owner());
            members.put("since", entry.since().at());
            members.put("since_revision", entry.since().revision());
            entry.since().took().ifPresent(took -> members.put("took_us", took.toNanos() / 1000));
            targets.add(members);
        }
        List<Object> held = new ArrayList<>(record.held().size());
        for (Hold hold : record.held()) {
            Map<String, Object> members = place(record, hold.instance(), hold.target());
            members.put("since", hold.since());
            members.put("why", hold.why());
            held.add(members);
        }
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("revision", record.revision());
        members.put("at", record.at());
        members.put("targets", targets);
        members.put("held", held);
        members.put("fail_open", record.failOpen());
        members.put("sizes", record.sizes());
        members.put("synchronous", record.synchronous());
        leaving(members, record);
        if (record.released() > 0) {
            members.put("released", record.released());
        }
        if (!record.refused().isEmpty()) {
            members.put(
                    "refused",
                    record.refused().stream()
                            .map(one -> new TreeMap<>(Map.of("what", one.what(), "why", one.why())))
                            .toList());
        }
        record.spread().ifPresent(spread -> {
            Map<String, Object> said = new TreeMap<>(Map.of("at", spread.at()));
            spread.took().ifPresent(took -> said.put("took_ms", took.toMillis()));
            members.put("spread", said);
        });
        if (!record.failing().isEmpty()) {
            members.put(
                    "failing", record.failing().stream().map(Target::toString).toList());
        }
        return Json.text(members);
    }

    private static void leaving(Map<String, Object> members, Applied record) {
        Applied.Leaving leaving = record.leaving();
        leaving.safeAfter().ifPresent(delay -> members.put("safe_after_ms", delay.toMillis()));
        leaving.last().ifPresent(last -> members.put("last", last.instance()));
        List<Object> draining = new ArrayList<>(leaving.draining().size());
        for (Applied.Draining one : leaving.draining()) {
            Map<String, Object> drains = place(record, one.instance(), one.target());
            one.inFlight().ifPresent(requests -> drains.put("in_flight", requests));
            draining.add(drains);
        }
        members.put("draining", draining);
    }

    /** @throws IllegalArgumentException naming the member, the value and what is allowed */
    static Applied decode(String service, String provider, String watcher, String text) {
        JsonObject json = Json.object("applied", text);
        List<Applied.Entry> targets = new ArrayList<>();
        for (JsonObject entry : json.objects("targets")) {
            targets.add(new Applied.Entry(
                    new InstanceId(service, entry.requireString("instance")),
                    Target.parse(entry.requireString("target")),
                    new Run(
                            entry.string("container_id").orElse(""),
                            entry.string("started_at").orElse("")),
                    FieldsLayout.check(entry.object("check").orElseThrow(missing("check"))),
                    InstanceState.parse("state", entry.requireString("state")),
                    entry.number("weight", 0, 256, Instance.DEFAULT_WEIGHT),
                    entry.string("owner").orElse(""),
                    since(entry)));
        }
        List<Hold> held = new ArrayList<>();
        for (JsonObject hold : json.objects("held")) {
            held.add(new Hold(
                    new InstanceId(service, hold.requireString("instance")),
                    Target.parse(hold.requireString("target")),
                    instant("since", hold.requireString("since")),
                    hold.string("why").orElse("")));
        }
        JsonObject points = json.object("sizes").orElseThrow(missing("sizes"));
        SortedMap<Instant, Integer> sizes = new TreeMap<>();
        points.members().keySet().forEach(at -> sizes.put(instant("sizes", at), points.number(at, 0, 1 << 30, 0)));
        return new Applied(
                service,
                provider,
                watcher,
                json.requireNumber("revision"),
                instant("at", json.requireString("at")),
                targets,
                held,
                json.truth("fail_open"),
                sizes,
                leaving(service, json),
                json.number("released").orElse(0L),
                json.objects("refused").stream()
                        .map(one -> new Refusal(
                                one.requireString("what"), one.string("why").orElse("")))
                        .toList(),
                json.object("spread")
                        .map(said -> new Spread(
                                instant("spread", said.requireString("at")),
                                said.number("took_ms").map(Duration::ofMillis))),
                json.strings("failing").stream().map(Target::parse).collect(Collectors.toCollection(TreeSet::new)));
    }

    private static Applied.Since since(JsonObject entry) {
        return new Applied.Since(
                entry.string("since").map(text -> instant("since", text)).orElse(Instant.EPOCH),
                entry.number("since_revision").orElse(0L),
                entry.number("took_us").map(took -> Duration.of(took, ChronoUnit.MICROS)));
    }

    private static Applied.Leaving leaving(String service, JsonObject json) {
        List<Applied.Draining> draining = new ArrayList<>();
        for (JsonObject one : json.objects("draining")) {
            draining.add(new Applied.Draining(
                    new InstanceId(service, one.requireString("instance")),
                    Target.parse(one.requireString("target")),
                    one.number("in_flight").isEmpty()
                            ? OptionalInt.empty()
                            : OptionalInt.of(one.number("in_flight", 0, Integer.MAX_VALUE, 0))));
        }
        return new Applied.Leaving(
                draining,
                json.string("last").map(last -> new InstanceId(service, last)),
                json.number("safe_after_ms").map(Duration::ofMillis));
    }

    static String encode(Watcher watcher) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("host", watcher.host());
        members.put("version", watcher.version());
        members.put("providers", watcher.providers());
        if (!watcher.troubles().isEmpty()) {
            members.put("troubles", new TreeMap<>(watcher.troubles()));
        }
        if (!watcher.groups().isEmpty()) {
            members.put("groups", watcher.groups());
        }
        return Json.text(members);
    }

    static String encode(Release release) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("targets", release.targets().stream().map(Target::toString).toList());
        members.put("by", release.by());
        members.put("at", release.at());
        if (release.unasked()) {
            members.put("unasked", true);
        }
        return Json.text(members);
    }

    /** @throws IllegalArgumentException naming the member, the value and what is allowed */
    static Release decodeRelease(String service, String provider, String text, long revision) {
        JsonObject json = Json.object("release", text);
        SortedSet<Target> targets = new TreeSet<>();
        json.strings("targets").forEach(target -> targets.add(Target.parse(target)));
        return new Release(
                service,
                provider,
                targets,
                json.string("by").orElse("somebody"),
                json.string("at").map(at -> instant("at", at)).orElse(Instant.EPOCH),
                revision,
                json.truth("unasked"));
    }

    /** @throws IllegalArgumentException naming the member, the value and what is allowed */
    static Watcher decodeWatcher(String id, String text) {
        JsonObject json = Json.object("watcher", text);
        Map<String, String> troubles = new TreeMap<>();
        json.object("troubles")
                .ifPresent(object ->
                        object.members().keySet().forEach(name -> troubles.put(name, object.requireString(name))));
        return new Watcher(
                id,
                json.string("host").orElse(""),
                json.string("version").orElse(""),
                json.strings("providers"),
                troubles,
                json.strings("groups"));
    }

    private static Map<String, Object> place(Applied record, InstanceId instance, Target target) {
        if (!instance.service().equals(record.service())) {
            throw new IllegalArgumentException(
                    "instance '%s': allowed are those of %s".formatted(instance, record.service()));
        }
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("instance", instance.instance());
        members.put("target", target.toString());
        return members;
    }

    private static Instant instant(String member, String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(
                    "%s '%s': allowed is a time such as 2026-01-01T00:00:00Z".formatted(member, Name.printable(text)),
                    e);
        }
    }

    private static Supplier<IllegalArgumentException> missing(String member) {
        return () -> new IllegalArgumentException("applied." + member + " is missing");
    }
}
