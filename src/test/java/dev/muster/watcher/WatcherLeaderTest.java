package dev.muster.watcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.model.InstanceState;
import dev.muster.model.Target;
import dev.muster.plan.ProbeResult;
import dev.muster.plan.TargetState;
import dev.muster.registry.Applied;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** A watcher whose balancer is shared with others: its group's leader steers it. */
final class WatcherLeaderTest {

    private static final String GROUP = "dns";

    private final World world = World.shared(GROUP);

    private Optional<Applied> groupsRecord() {
        return world.progress.record("web", World.PROVIDER, GROUP);
    }

    @Test
    void who_stands_by_reads_nothing_changes_nothing_writes_nothing_and_is_ready() {
        world.up("web", 1, 2);
        world.provider.outage(Optional.of("nobody is to look"));
        world.settle();
        assertThat(world.outside).isEmpty();
        assertThat(world.progress.takeWrites()).isEmpty();
        assertThat(world.metrics.failures).isZero();
        assertThat(world.status.notReady()).isEmpty();
    }

    @Test
    void the_leader_steers_and_writes_the_groups_record() {
        world.up("web", 1, 2);
        world.election().lead(5);
        world.settle();
        assertThat(world.balancer("web")).isEqualTo("web01 web02");
        assertThat(groupsRecord().orElseThrow().targets()).hasSize(2);
        assertThat(world.hasRecord("web")).isFalse();
        assertThat(world.election().advances()).isPositive();
        assertThat(world.election().isUnderWay()).isFalse();
    }

    @Test
    void a_new_leader_goes_on_from_the_groups_record() {
        world.up("web", 1, 2, 3);
        world.election().lead(5);
        world.settle();
        world.answer(ProbeResult.CHECK_PASSES, 1, 2);
        world.expire("web", 1, 2);
        world.settle();
        assertThat(world.balancer("web")).isEqualTo("web01 web02 web03");
        Applied before = groupsRecord().orElseThrow();
        world.restart();
        world.election().lead(6);
        world.after(Duration.ofMinutes(1));
        world.settle();
        Applied now = groupsRecord().orElseThrow();
        assertThat(now.held().stream().map(hold -> hold.since()))
                .isEqualTo(before.held().stream().map(hold -> hold.since()).toList());
        assertThat(now.sizes()).isEqualTo(before.sizes());
    }

    @Test
    void who_leads_again_knows_nothing_of_its_time_before() {
        world.up("web", 1, 2);
        world.election().lead(5);
        world.settle();
        Applied before = groupsRecord().orElseThrow();
        world.election().depose(6);
        world.goodbye("web", 2);
        world.settle();
        assertThat(world.balancer("web")).as("another one's business").isEqualTo("web01 web02");
        otherLeaderRemoves(2, before);
        world.up("web", 3);
        world.election().lead(7);
        world.settle();
        assertThat(world.balancer("web")).isEqualTo("web01 web03");
        assertThat(groupsRecord().orElseThrow().targets().stream().map(Applied.Entry::target))
                .containsExactly(World.target(1), World.target(3));
    }

    private void otherLeaderRemoves(int number, Applied before) {
        world.outside.computeIfPresent("web", (service, there) -> {
            SortedMap<Target, TargetState> left = new TreeMap<>(there.targets());
            left.remove(World.target(number));
            return there.withTargets(left);
        });
        List<Applied.Entry> entries = before.targets().stream()
                .filter(entry -> !entry.target().equals(World.target(number)))
                .toList();
        world.recorded(new Applied(
                before.service(),
                before.provider(),
                before.watcher(),
                world.revision(),
                before.at(),
                entries,
                before.held(),
                before.failOpen(),
                before.sizes(),
                before.leaving(),
                before.released()));
    }

    @Test
    void who_is_deposed_between_reading_and_writing_writes_nothing() {
        world.up("web", 1);
        world.election().lead(5);
        world.settle();
        world.progress.takeWrites();
        world.is("web", 2, InstanceState.UP, "");
        world.provider.onRead(() -> world.election().depose(6));
        world.settle();
        assertThat(world.balancer("web")).isEqualTo("web01");
        assertThat(world.progress.takeWrites()).isEmpty();
        assertThat(world.status.notReady()).isEmpty();
    }

    @Test
    void who_is_deposed_and_does_not_know_yet_has_its_record_refused() {
        world.up("web", 1);
        world.election().lead(5);
        world.settle();
        Applied before = groupsRecord().orElseThrow();
        world.progress.takeWrites();
        world.anotherLeads(6);
        world.is("web", 2, InstanceState.UP, "");
        world.settle();
        assertThat(world.progress.takeWrites()).isEmpty();
        assertThat(groupsRecord()).contains(before);
    }

    @Test
    void what_is_refused_is_told_by_the_leader_alone() {
        world.provider.refuseWhole(any -> true);
        world.up("web", 1);
        world.election().lead(5);
        world.settle();
        assertThat(groupsRecord().orElseThrow().refused()).hasSize(1);
        assertThat(world.status.refusals()).hasSize(1);
        world.election().depose(6);
        world.settle();
        assertThat(world.status.refusals()).isEmpty();
        assertThat(world.metrics.refused).isZero();
    }

    @Test
    void a_higher_epoch_of_its_own_is_a_new_term() {
        world.up("web", 1);
        world.election().lead(5);
        world.settle();
        world.provider.onRead(() -> world.election().surpassed(9));
        world.up("web", 2);
        world.settle();
        world.settle();
        assertThat(world.balancer("web")).isEqualTo("web01 web02");
        assertThat(groupsRecord().orElseThrow().targets()).hasSize(2);
    }
}
