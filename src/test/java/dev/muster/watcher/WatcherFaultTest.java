package dev.muster.watcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.model.InstanceId;
import dev.muster.model.InstanceState;
import dev.muster.plan.ProbeResult;
import dev.muster.plan.TargetState;
import dev.muster.registry.Applied;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a watcher does while something it stands on is away, wrong, or was away. */
class WatcherFaultTest {

    private final World world = new World();

    @Test
    void nothing_leaves_for_an_absence_while_the_registry_is_out_of_sync() {
        world.up("web", 1, 2, 3, 4);
        world.pass();
        world.answer(ProbeResult.SILENT, 1, 2, 3, 4);
        world.synced(false);
        world.expire("web", 3, 4);
        world.settle();
        assertThat(world.balancer("web")).isEqualTo("web01 web02 web03 web04");
        assertThat(world.status.notReady()).contains("the registry is out of sync");
        assertThat(world.status.holds()).hasSize(2);

        world.synced(true);
        world.settle();
        assertThat(world.balancer("web")).isEqualTo("web01 web02");
        assertThat(world.status.notReady()).isEmpty();
    }

    @Test
    void nothing_is_written_to_a_registry_that_is_out_of_sync() {
        world.up("web", 1, 2);
        world.pass();
        world.progress.takeWrites();
        world.synced(false);
        world.is("web", 2, InstanceState.DOWN, "check");
        world.pass();
        assertThat(world.balancer("web")).isEqualTo("web01 web02_");
        assertThat(world.progress.takeWrites()).isEmpty();
        world.synced(true);
        world.pass();
        assertThat(world.record("web").revision()).isEqualTo(world.revision());
    }

    @Test
    void why_a_provider_cannot_be_brought_in_step_stands_in_the_watchers_own_record_until_it_can() throws Exception {
        world.up("web", 1);
        world.settle();
        assertThat(world.progress.watchers().getFirst().troubles()).isEmpty();
        int before = world.progress.announcements();
        world.provider.outage(Optional.of("nobody answers"));
        for (int i = 0; i < 5; i++) {
            world.pass();
            world.after(Duration.ofSeconds(5));
        }
        assertThat(world.progress.watchers().getFirst().troubles())
                .containsOnly(Map.entry(World.PROVIDER, "nobody answers"));
        assertThat(world.progress.announcements()).isEqualTo(before + 1);
        world.provider.outage(Optional.empty());
        world.settle();
        assertThat(world.progress.watchers().getFirst().troubles()).isEmpty();
        assertThat(world.progress.announcements()).isEqualTo(before + 2);
    }

    /** For an hour something that only accepts connections is held: from when it is missed, not from when it was once before. */
    @Test
    void what_came_back_while_the_provider_could_not_be_read_is_missed_anew() {
        world.up("web", 1, 2, 3, 4);
        world.settle();
        world.answer(ProbeResult.BARE_TCP, 1);
        world.expire("web", 1);
        world.settle();
        assertThat(world.held("web")).containsExactly("web01");

        world.provider.outage(Optional.of("nobody answers"));
        world.pass();
        world.after(Duration.ofMinutes(30));
        world.up("web", 1);
        world.pass();
        world.after(Duration.ofMinutes(40));
        world.expire("web", 1);
        world.pass();
        world.provider.outage(Optional.empty());
        world.after(Duration.ofSeconds(5));
        world.settle();
        assertThat(world.balancer("web")).isEqualTo("web01 web02 web03 web04");
        assertThat(world.held("web")).containsExactly("web01");
        world.after(Duration.ofMinutes(61));
        world.settle();
        assertThat(world.balancer("web")).isEqualTo("web02 web03 web04");
    }

    /** The other way round: what is missed all the time is so from the beginning. */
    @Test
    void what_is_missed_since_before_the_provider_could_not_be_read_is_not_held_for_longer() {
        world.up("web", 1, 2, 3, 4);
        world.settle();
        world.answer(ProbeResult.BARE_TCP, 1);
        world.expire("web", 1);
        world.settle();
        world.provider.outage(Optional.of("nobody answers"));
        for (int minutes = 0; minutes < 60; minutes++) {
            world.pass();
            world.after(Duration.ofMinutes(1));
            world.up("app", minutes);
        }
        world.provider.outage(Optional.empty());
        world.after(Duration.ofSeconds(5));
        world.settle();
        assertThat(world.balancer("web")).isEqualTo("web02 web03 web04");
    }

    @Test
    void a_registry_that_was_wiped_removes_nothing_until_it_has_settled() {
        world.up("web", 1, 2);
        world.pass();
        world.answer(ProbeResult.SILENT, 1, 2);
        world.unsettledFor(Duration.ofSeconds(30));
        world.expire("web", 1, 2);
        world.settle();
        world.after(Duration.ofSeconds(29));
        world.settle();
        assertThat(world.balancer("web")).isEqualTo("web01 web02");
        world.after(Duration.ofSeconds(2));
        world.settle();
        assertThat(world.balancer("web")).isEqualTo("web02");
    }

    @Test
    void a_clock_that_is_set_forward_ends_no_hold() {
        world.up("web", 1, 2, 3, 4);
        world.pass();
        world.answer(ProbeResult.BARE_TCP, 1, 2, 3, 4);
        world.expire("web", 1, 2, 3, 4);
        world.settle();
        world.time.jumpWallClock(Duration.ofHours(2));
        world.settle();
        assertThat(world.balancer("web")).isEqualTo("web01 web02 web03 web04");
        world.after(Duration.ofHours(1));
        world.settle();
        assertThat(world.balancer("web")).isEqualTo("web03 web04");
    }

    @Test
    void what_expired_while_it_was_away_is_probed_and_held() {
        world.up("web", 1, 2, 3, 4);
        world.pass();
        world.unseen(() -> world.expire("web", 1, 2, 3));
        world.restart();
        world.publish();
        world.pass();
        assertThat(world.balancer("web")).isEqualTo("web01 web02 web03 web04");
        assertThat(world.held("web")).containsExactly("web01", "web02", "web03");
        world.answer(ProbeResult.SILENT, 1, 2, 3);
        world.pass();
        assertThat(world.balancer("web")).isEqualTo("web03 web04");
        assertThat(world.record("web").sizes()).containsValue(4);
    }

    @Test
    void a_goodbye_that_was_said_while_it_was_away_counts_for_the_run_it_had_applied() {
        world.up("web", 1, 2, 3);
        world.pass();
        world.unseen(() -> {
            world.sayGoodbye("web", 1, 1);
            world.sayGoodbye("web", 2, 7);
        });
        world.restart();
        world.publish();
        world.pass();
        assertThat(world.balancer("web")).isEqualTo("web02 web03");
        assertThat(world.held("web")).containsExactly("web02");
    }

    @Test
    void a_restart_while_nothing_changes_writes_nothing() {
        world.up("web", 1, 2);
        world.expire("web", 2);
        world.up("web", 3);
        world.settle();
        world.goodbye("web", 3);
        world.settle();
        int writes = world.provider.writes();
        world.progress.takeWrites();
        world.restart();
        world.settle();
        assertThat(world.provider.writes()).isEqualTo(writes);
        assertThat(world.progress.takeWrites()).isEmpty();
    }

    @Test
    void a_hold_goes_on_from_where_it_was_after_a_restart() {
        world.up("web", 1, 2);
        world.pass();
        world.answer(ProbeResult.BARE_TCP, 2);
        world.expire("web", 2);
        world.settle();
        world.after(Duration.ofMinutes(50));
        world.restart();
        world.settle();
        assertThat(world.balancer("web")).isEqualTo("web01 web02");
        world.after(Duration.ofMinutes(10));
        world.settle();
        assertThat(world.balancer("web")).isEqualTo("web01");
    }

    @Test
    void records_that_cannot_be_read_hold_what_expires_and_nothing_else() {
        world.up("web", 1, 2, 3, 4);
        world.pass();
        world.answer(ProbeResult.SILENT, 1, 2, 3, 4);
        world.progress.takeWrites();
        world.progress.outage(Optional.of("permission denied"));
        world.restart();
        world.expire("web", 1);
        world.goodbye("web", 2);
        world.up("web", 5);
        world.up("app", 6);
        world.settle();
        assertThat(world.balancer("web")).isEqualTo("web01 web03 web04 web05");
        assertThat(world.balancer("app")).isEqualTo("app06");
        assertThat(world.progress.takeWrites()).isEmpty();

        world.progress.outage(Optional.empty());
        world.after(Duration.ofMinutes(1));
        world.settle();
        assertThat(world.balancer("web")).isEqualTo("web03 web04 web05");
        assertThat(world.record("web").revision()).isLessThanOrEqualTo(world.revision());
        assertThat(world.record("app").targets()).hasSize(1);
    }

    @Test
    void records_that_become_readable_say_how_many_there_were() {
        world.up("web", 1, 2, 3, 4);
        world.pass();
        world.answer(ProbeResult.SILENT, 1, 2, 3, 4);
        world.progress.outage(Optional.of("timed out"));
        world.restart();
        world.expire("web", 1, 2, 3, 4);
        world.settle();
        assertThat(world.balancer("web")).isEqualTo("web01 web02 web03 web04");
        world.progress.outage(Optional.empty());
        world.after(Duration.ofMinutes(1));
        world.settle();
        assertThat(world.balancer("web")).isEqualTo("web03 web04");
        assertThat(world.record("web").targets())
                .extracting(Applied.Entry::run)
                .allSatisfy(run -> assertThat(run.containerId()).isNotEmpty());
    }

    @Test
    void a_watcher_says_at_each_resync_that_it_is_there_since_somebody_may_have_removed_that() {
        world.up("web", 1);
        world.settle();
        int before = world.progress.announcements();
        world.pass();
        assertThat(world.progress.announcements()).isEqualTo(before);
        world.after(Duration.ofSeconds(60));
        world.settle();
        assertThat(world.progress.announcements()).isEqualTo(before + 1);
    }

    @Test
    void a_record_that_somebody_removed_is_written_anew_at_the_next_resync() throws Exception {
        world.up("web", 1);
        world.settle();
        world.progress.delete("web", World.PROVIDER, World.WATCHER);
        world.pass();
        assertThat(world.hasRecord("web")).isFalse();
        world.after(Duration.ofSeconds(60));
        world.settle();
        assertThat(world.record("web").targets()).hasSize(1);
        assertThat(world.balancer("web")).isEqualTo("web01");
    }

    @Test
    void a_provider_that_fails_is_left_alone_for_a_while_and_then_brought_in_step() {
        world.up("web", 1);
        world.pass();
        world.provider.outage(Optional.of("connection refused"));
        world.up("web", 2);
        world.pass();
        assertThat(world.status.notReady()).contains("haproxy: connection refused");
        long recorded = world.record("web").revision();
        assertThat(recorded).isLessThan(world.revision());
        int failures = world.metrics.failures;
        world.pass();
        assertThat(world.metrics.failures)
                .as("no try before the back-off has passed")
                .isEqualTo(failures);

        world.provider.outage(Optional.empty());
        world.after(Duration.ofSeconds(5));
        world.pass();
        assertThat(world.balancer("web")).isEqualTo("web01 web02");
        assertThat(world.status.notReady()).isEmpty();
        assertThat(world.record("web").revision()).isEqualTo(world.revision());
    }

    @Test
    void what_was_added_by_a_plan_that_failed_half_way_is_guarded_too() {
        world.up("web", 1);
        world.pass();
        world.up("web", 2, 3);
        world.provider.cutShortAfter(1);
        world.pass();
        assertThat(world.balancer("web")).isEqualTo("web01 web02");
        world.expire("web", 2);
        world.after(Duration.ofSeconds(5));
        world.pass();
        assertThat(world.balancer("web")).isEqualTo("web01 web02 web03");
        assertThat(world.held("web")).containsExactly("web02");
    }

    @Test
    void a_change_by_hand_is_repaired() {
        world.up("web", 1, 2);
        world.pass();
        world.provider.edit("web", targets -> {
            targets.remove(World.target(1));
            targets.put(World.target(9), new TargetState(new InstanceId("web", "foreign"), InstanceState.UP, 100));
        });
        world.pass();
        assertThat(world.balancer("web")).isEqualTo("web01 web02");
    }

    @Test
    void a_balancer_that_lost_everything_is_filled_again_with_what_is_held_too() {
        world.up("web", 1, 2, 3);
        world.pass();
        world.answer(ProbeResult.BARE_TCP, 3);
        world.expire("web", 3);
        world.settle();
        world.outside.clear();
        world.pass();
        assertThat(world.balancer("web")).isEqualTo("web01 web02 web03");
        world.restart();
        world.outside.clear();
        world.pass();
        assertThat(world.balancer("web")).isEqualTo("web01 web02 web03");
    }

    @Test
    void leftovers_of_which_no_record_says_anything_are_probed_before_they_go() {
        world.up("web", 1);
        world.pass();
        world.outside.putAll(new World().leftovers("old", 7, 8));
        world.restart();
        world.pass();
        assertThat(world.balancer("old")).isEqualTo("old07 old08");
        world.answer(ProbeResult.SILENT, 7, 8);
        world.pass();
        assertThat(world.balancer("old")).isEqualTo("old08");
        assertThat(world.balancer("web")).isEqualTo("web01");
        assertThat(world.probes.followed()).containsOnlyKeys(World.target(8));
        assertThat(world.held("old")).containsExactly("old08");
    }
}
