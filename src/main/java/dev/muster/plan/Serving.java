package dev.muster.plan;

import dev.muster.model.CheckSpec;
import dev.muster.model.Run;
import java.time.Instant;
import java.util.Optional;

/**
 * What stands in a target, by the record of whoever put it there.
 *
 * @param as how it is treated there
 * @param run the run that was last applied; empty where no record says it
 * @param check with which it can be probed once its registration is gone
 * @param owner who registered it, or empty
 * @param missingSince when its registration was first missed; empty while it is registered
 */
public record Serving(
        TargetState as, Optional<Run> run, CheckSpec check, String owner, Optional<Instant> missingSince) {}
