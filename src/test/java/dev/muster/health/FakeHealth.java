package dev.muster.health;

import dev.muster.model.Candidate;
import dev.muster.model.CheckSpec;
import dev.muster.model.InstanceId;
import dev.muster.model.Run;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Verdicts as a test has them; what it says nothing of is {@link Verdict#UNDECIDED}, as at a check's start. */
public final class FakeHealth implements Health {

    private final Map<Run, Verdict> verdicts = new HashMap<>();
    private SortedMap<InstanceId, Candidate> followed = new TreeMap<>();

    /** What all that is followed now is found to be from now on. */
    public void allAre(Verdict verdict) {
        followed.values().forEach(candidate -> verdicts.put(candidate.instance().run(), verdict));
    }

    /** What this run is found to be; undecided where nothing asks. */
    public Verdict verdict(Run run) {
        return verdicts.getOrDefault(run, Verdict.UNDECIDED);
    }

    @Override
    public void follow(SortedMap<InstanceId, Candidate> candidates) {
        followed = candidates;
        verdicts.keySet()
                .removeIf(run -> candidates.values().stream()
                        .noneMatch(each -> each.instance().run().equals(run) && !each.paused()));
    }

    @Override
    public Verdict verdict(Candidate candidate) {
        return candidate.instance().check().kind() == CheckSpec.Kind.NONE
                ? Verdict.HEALTHY
                : verdicts.getOrDefault(candidate.instance().run(), Verdict.UNDECIDED);
    }
}
