package dev.muster.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.model.InstanceState;
import dev.muster.model.Protocol;
import dev.muster.model.Target;
import dev.muster.plan.Diff;
import dev.muster.plan.ServiceTargets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class FakeProviderTest extends ProviderContract {

    private final SortedMap<String, ServiceTargets> outside = new TreeMap<>();
    private FakeProvider newest = new FakeProvider("fake", outside);
    private int writesBefore;

    @Override
    protected Provider open() {
        writesBefore += newest.writes();
        newest = new FakeProvider("fake", outside);
        return newest;
    }

    @Override
    protected Object writesSoFar() {
        return writesBefore + newest.writes();
    }

    @Override
    protected void spoilByHand(String service, Target target) {
        newest.edit(service, targets -> targets.remove(target));
    }

    @Test
    void an_outage_shows_as_an_error_and_changes_nothing() {
        newest.outage(Optional.of("connection refused"));
        assertThatThrownBy(newest::actual).isInstanceOf(ProviderException.class);
        assertThatThrownBy(() -> newest.apply(Diff.between(web(), new TreeMap<>())))
                .hasMessage("connection refused");
        assertThat(outside).isEmpty();
    }

    @Test
    void a_plan_that_is_cut_short_is_half_done() throws Exception {
        newest.cutShortAfter(1);
        assertThatThrownBy(() -> newest.apply(Diff.between(web(), new TreeMap<>())))
                .isInstanceOf(ProviderException.class);
        assertThat(newest.actual())
                .hasEntrySatisfying("web", web -> assertThat(web.targets()).isEmpty());
        newest.apply(Diff.between(web(), newest.actual()));
        assertThat(newest.actual()).isEqualTo(web());
    }

    private static SortedMap<String, ServiceTargets> web() {
        SortedMap<String, ServiceTargets> desired = new TreeMap<>();
        desired.put(
                "web",
                new ServiceTargets(
                        "web",
                        Protocol.HTTP,
                        List.of(),
                        new TreeMap<>(
                                Map.of(new Target("10.0.0.1", 80), state("web", "web01", InstanceState.UP, 100)))));
        return desired;
    }
}
