package dev.muster.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.plan.Hold;
import dev.muster.registry.Applied;
import dev.muster.registry.Progress;
import java.util.List;
import java.util.Locale;

/** A plan report for programs. */
final class PlanJson {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private PlanJson() {}

    /** @param revision of the catalog that was compared */
    static ObjectNode of(PlanReport report, List<Progress.Leader> leaders, long revision) {
        ObjectNode object = JSON.objectNode()
                .put("revision", revision)
                .put("in_step", report.inStep())
                .put("watchers", report.watchers());
        ArrayNode targets = object.putArray("targets");
        report.targets().forEach(target -> targets.add(of(target)));
        ObjectNode groups = object.putObject("leaders");
        leaders.forEach(leader -> groups.put(leader.group(), leader.watcher()));
        ObjectNode troubles = object.putObject("troubles");
        report.troubles().forEach(troubles::put);
        ArrayNode unserved = object.putArray("unserved");
        report.unserved().forEach(unserved::add);
        return object;
    }

    private static ObjectNode of(TargetReport target) {
        Applied record = target.record();
        ObjectNode object = JSON.objectNode()
                .put("service", record.service())
                .put("provider", record.provider())
                .put("watcher", record.watcher())
                .put("watcher_present", target.present())
                .put("revision", record.revision())
                .put("behind", target.behind())
                .put("in_step", target.inStep())
                .put("fail_open", record.failOpen())
                .put("applied_at", record.at().toString());
        ArrayNode targets = object.putArray("targets");
        record.targets().forEach(entry -> targets.add(of(entry)));
        ArrayNode held = object.putArray("held");
        record.held().forEach(hold -> held.add(of(hold)));
        ArrayNode failing = object.putArray("failing");
        record.failing().forEach(one -> failing.add(one.toString()));
        ArrayNode refused = object.putArray("refused");
        record.refused()
                .forEach(refusal ->
                        refused.addObject().put("what", refusal.what()).put("why", refusal.why()));
        record.leaving().last().ifPresent(last -> object.put("last", last.instance()));
        record.leaving().safeAfter().ifPresent(delay -> object.put("safe_after_ms", delay.toMillis()));
        ArrayNode draining = object.putArray("draining");
        record.leaving().draining().forEach(one -> draining.add(of(one)));
        ArrayNode changes = object.putArray("changes");
        target.differences()
                .forEach(difference -> changes.addObject()
                        .put("kind", difference.kind().name().toLowerCase(Locale.ROOT))
                        .put("subject", difference.subject())
                        .put("why", difference.why()));
        return object;
    }

    private static ObjectNode of(Applied.Entry entry) {
        return JSON.objectNode()
                .put("instance", entry.instance().instance())
                .put("target", entry.target().toString())
                .put("state", entry.state().text())
                .put("weight", entry.weight())
                .put("owner", entry.owner())
                .put("since", entry.since().at().toString())
                .put("since_revision", entry.since().revision());
    }

    private static ObjectNode of(Applied.Draining draining) {
        ObjectNode object = JSON.objectNode()
                .put("instance", draining.instance().instance())
                .put("target", draining.target().toString());
        draining.inFlight().ifPresent(requests -> object.put("in_flight", requests));
        return object;
    }

    static ObjectNode of(Hold hold) {
        return JSON.objectNode()
                .put("instance", hold.instance().instance())
                .put("target", hold.target().toString())
                .put("since", hold.since().toString())
                .put("why", hold.why());
    }
}
