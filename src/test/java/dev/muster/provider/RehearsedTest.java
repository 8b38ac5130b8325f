package dev.muster.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.model.InstanceId;
import dev.muster.model.InstanceState;
import dev.muster.model.Protocol;
import dev.muster.model.Target;
import dev.muster.plan.Diff;
import dev.muster.plan.Effect;
import dev.muster.plan.Plan;
import dev.muster.plan.ServiceTargets;
import dev.muster.plan.TargetState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class RehearsedTest {

    private final SortedMap<String, ServiceTargets> outside = new TreeMap<>();
    private final FakeProvider target = new FakeProvider("haproxy", outside);
    private final List<String> told = new ArrayList<>();
    private final Rehearsed rehearsed =
            new Rehearsed(target, effect -> told.add(effect.kind() + " " + effect.service() + " " + effect.what()));

    private static SortedMap<String, ServiceTargets> web(int... numbers) {
        SortedMap<Target, TargetState> targets = new TreeMap<>();
        for (int number : numbers) {
            targets.put(
                    new Target("10.0.0.1", 18000 + number),
                    new TargetState(new InstanceId("web", "web0" + number), InstanceState.UP, 100));
        }
        return new TreeMap<>(Map.of("web", new ServiceTargets("web", Protocol.HTTP, List.of(), targets)));
    }

    private void pass(SortedMap<String, ServiceTargets> desired) throws ProviderException {
        Plan plan = Diff.between(rehearsed.possible(desired), rehearsed.actual());
        if (!plan.changes().isEmpty() || rehearsed.disturbed()) {
            rehearsed.apply(plan);
        }
    }

    @Test
    void whatWouldBeDoneIsToldOnceAndCountsAsDone() throws Exception {
        for (int look = 0; look < 3; look++) {
            pass(web(1));
        }
        assertThat(told)
                .containsExactly("UPDATE web its place: http", "ADD web web01 at 10.0.0.1:18001, up, weight 100");
        pass(web(1, 2));
        assertThat(told).hasSize(3);
        assertThat(rehearsed.effects())
                .extracting(Effect::kind)
                .containsExactly(Effect.Kind.UPDATE, Effect.Kind.ADD, Effect.Kind.ADD);
        assertThat(target.writes()).isZero();
    }

    @Test
    void aTargetThatChangesByItselfIsLookedAtAnew() throws Exception {
        pass(web(1));
        outside.putAll(web(1));
        pass(web(1));
        assertThat(rehearsed.effects()).as("somebody has done it").isEmpty();
        outside.clear();
        pass(web(1));
        assertThat(rehearsed.effects()).hasSize(2);
        assertThat(told).hasSize(4);
    }

    @Test
    void whatIsFoundDisturbedIsPutRightOnlyInWords() throws Exception {
        outside.putAll(web(1));
        target.disturb();
        pass(web(1));
        assertThat(rehearsed.disturbed()).isFalse();
        assertThat(target.disturbed()).isTrue();
    }
}
