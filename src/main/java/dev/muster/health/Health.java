package dev.muster.health;

import dev.muster.model.Candidate;
import dev.muster.model.InstanceId;
import java.util.SortedMap;

/** Which candidates serve. */
public interface Health {

    /** From now on exactly these are judged; paused ones are not asked. */
    void follow(SortedMap<InstanceId, Candidate> candidates);

    /** What is known of it. A candidate without a check is healthy while it runs. */
    Verdict verdict(Candidate candidate);
}
