package dev.muster.registry.etcd;

import dev.muster.model.Instance;
import dev.muster.model.InstanceId;
import dev.muster.model.InstanceState;
import dev.muster.model.Name;
import dev.muster.model.Run;
import dev.muster.model.Target;
import dev.muster.plan.Hold;
import dev.muster.registry.Applied;
import dev.muster.registry.Progress.Watcher;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;

/** The values under {@code /muster/applied/} and {@code /muster/watchers/}; what their keys say is not repeated in them. */
final class AppliedJson {

    private AppliedJson() {}

    static String encode(Applied record) {
        List<Object> targets = new ArrayList<>(record.targets().size());
        for (Applied.Entry entry : record.targets()) {
            Map<String, Object> members = place(record, entry.instance(), entry.target());
            members.put("container_id", entry.run().containerId());
            members.put("started_at", entry.run().startedAt());
            members.put("check", Map.of("type", entry.check().kind().name().toLowerCase(Locale.ROOT)));
            members.put("state", entry.state().text());
            members.put("weight", entry.weight());
            members.put("owner", entry.owner());
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
        return Json.text(members);
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
                    FieldsLayout.check(Json.text(
                            entry.object("check").orElseThrow(missing("check")).members())),
                    InstanceState.parse("state", entry.requireString("state")),
                    entry.number("weight", 0, 256, Instance.DEFAULT_WEIGHT),
                    entry.string("owner").orElse("")));
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
                json.truth("synchronous"));
    }

    static String encode(Watcher watcher) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("host", watcher.host());
        members.put("version", watcher.version());
        members.put("providers", watcher.providers());
        members.put("details", new TreeMap<>(watcher.details()));
        return Json.text(members);
    }

    /** @throws IllegalArgumentException naming the member, the value and what is allowed */
    static Watcher decodeWatcher(String id, String text) {
        JsonObject json = Json.object("watcher", text);
        Map<String, String> details = new TreeMap<>();
        json.object("details")
                .ifPresent(object ->
                        object.members().keySet().forEach(name -> details.put(name, object.requireString(name))));
        return new Watcher(
                id,
                json.string("host").orElse(""),
                json.string("version").orElse(""),
                json.strings("providers"),
                details);
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
