package dev.muster.agent;

import dev.muster.health.FakeHealth;
import dev.muster.health.Verdict;
import dev.muster.model.Goodbye;
import dev.muster.model.Registration;
import dev.muster.model.Run;
import dev.muster.registry.FakeRegistry;
import dev.muster.source.Container;
import dev.muster.source.FakeContainerSource;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * What holds at every single change that an owner makes, whatever befalls it (docs/design.md): S2 and S6, nothing that runs
 * is withdrawn, and nothing that serves is said not to, whatever its agent could read; S9, nobody touches what is another
 * owner's. And what is withdrawn is said goodbye to.
 */
final class AgentInvariants implements FakeRegistry.Witness {

    private final String owner;
    private final FakeContainerSource engine;
    private final FakeHealth health;
    private final BooleanSupplier succeeded;

    /** @param succeeded whether the process that acts has a successor already */
    AgentInvariants(String owner, FakeContainerSource engine, FakeHealth health, BooleanSupplier succeeded) {
        this.owner = owner;
        this.engine = engine;
        this.health = health;
        this.succeeded = succeeded;
    }

    @Override
    public void published(String by, Optional<String> before, Registration now) {
        holds("S9", before.isEmpty() || before.get().equals(by), by, "overwrites", now.id(), "of", before);
        boolean wrongly = now.reason().equals(Registration.REASON_CHECK)
                && health.verdict(now.instance().run()) == Verdict.HEALTHY;
        holds("S2", !by.equals(owner) || !wrongly, now.id(), "is taken down though it serves");
    }

    @Override
    public void withdrawn(String by, String before, Optional<Registration> what, Optional<Goodbye> goodbye) {
        holds("S9", before.equals(by), by, "withdraws", what, "of", before);
        if (!by.equals(owner)) {
            return;
        }
        holds("goodbye", goodbye.isPresent(), what, "goes without one");
        Optional<Run> run = what.map(each -> each.instance().run());
        boolean leaves =
                goodbye.filter(said -> said.reason() == Goodbye.Reason.LEAVING).isPresent();
        if (leaves) {
            holds("S2", !succeeded.getAsBoolean(), what, "is withdrawn by a process that has a successor");
        } else {
            holds("S2, S6", run.filter(this::runs).isEmpty(), what, "is withdrawn while it runs");
        }
        if (run.isPresent()) {
            holds("goodbye", goodbye.map(Goodbye::run).equals(run), what, "is said goodbye to as", goodbye);
        }
    }

    private boolean runs(Run run) {
        return engine.runs(run) != Container.State.STOPPED;
    }

    private static void holds(String invariant, boolean holds, Object... otherwise) {
        if (!holds) {
            throw new AssertionError(invariant + ": " + Arrays.toString(otherwise));
        }
    }
}
