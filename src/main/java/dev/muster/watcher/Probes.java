package dev.muster.watcher;

import dev.muster.model.CheckSpec;
import dev.muster.model.Target;
import dev.muster.plan.ProbeResult;
import java.util.Map;
import java.util.SortedMap;

/** Asks instances whose registration is gone whether they still answer. Never blocks its caller. */
public interface Probes extends AutoCloseable {

    /** From now on these are probed, again and again, each with its check; what is not among them is forgotten. */
    void follow(SortedMap<Target, CheckSpec> targets);

    /** What has been found so far, for those that are followed. */
    Map<Target, ProbeResult> results();

    @Override
    void close();
}
