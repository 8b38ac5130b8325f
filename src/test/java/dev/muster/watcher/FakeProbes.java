package dev.muster.watcher;

import dev.muster.model.CheckSpec;
import dev.muster.model.Target;
import dev.muster.plan.ProbeResult;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Answers that a test gives, for what is followed only. */
final class FakeProbes implements Probes {

    private final Map<Target, ProbeResult> answers = new HashMap<>();
    private SortedMap<Target, CheckSpec> followed = new TreeMap<>();

    @Override
    public void follow(SortedMap<Target, CheckSpec> targets) {
        followed = new TreeMap<>(targets);
    }

    @Override
    public Map<Target, ProbeResult> results() {
        Map<Target, ProbeResult> results = new HashMap<>();
        followed.keySet().forEach(target -> results.put(target, answers.getOrDefault(target, ProbeResult.NOT_PROBED)));
        return results;
    }

    void answers(Target target, ProbeResult result) {
        answers.put(target, result);
    }

    SortedMap<Target, CheckSpec> followed() {
        return followed;
    }

    @Override
    public void close() {
        followed = new TreeMap<>();
    }
}
