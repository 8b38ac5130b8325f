package dev.muster.watcher;

import dev.muster.health.HttpCheck;
import dev.muster.health.TcpCheck;
import dev.muster.model.CheckSpec;
import dev.muster.model.Target;
import dev.muster.plan.ProbeResult;
import java.time.Duration;

/**
 * Asks an instance by its own check. A connection that is accepted is a bare TCP answer even where its own check is no more
 * than that: the engine's proxy accepts connections for a container in which nothing listens. So it is where there is no
 * check, or none that this version can run.
 */
public final class InstanceProbe implements RepeatedProbes.Probe {

    private final TcpCheck connects = new TcpCheck();

    @Override
    public ProbeResult ask(Target target, CheckSpec check, Duration timeout) throws InterruptedException {
        return switch (check.kind()) {
            case HTTP -> new HttpCheck(check).passes(target, timeout) ? ProbeResult.CHECK_PASSES : ProbeResult.SILENT;
            case TCP, NONE, UNKNOWN -> connects.passes(target, timeout) ? ProbeResult.BARE_TCP : ProbeResult.SILENT;
        };
    }
}
