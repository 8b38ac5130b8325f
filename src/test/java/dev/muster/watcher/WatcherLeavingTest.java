package dev.muster.watcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.model.InstanceId;
import dev.muster.model.InstanceState;
import dev.muster.plan.ProbeResult;
import dev.muster.registry.Applied;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a record tells whoever waits for an instance to be out of use, and whoever asks how it came into use. */
class WatcherLeavingTest {

    private final World world = new World();

    @BeforeEach
    void twoAreUp() {
        world.up("web", 1, 2);
        world.pass();
        world.progress.takeWrites();
    }

    private List<Applied.Draining> draining() {
        return world.record("web").leaving().draining();
    }

    private OptionalInt inFlight() {
        assertThat(draining()).hasSize(1);
        return draining().getFirst().inFlight();
    }

    private void drain(int number) {
        world.is("web", number, InstanceState.DRAINING, "drain");
    }

    @Test
    void what_drains_is_recorded_with_its_requests() {
        world.provider.underWay(World.target(2), 3);
        drain(2);
        world.pass();
        assertThat(draining())
                .containsExactly(new Applied.Draining(World.id("web", 2), World.target(2), OptionalInt.of(3)));
        assertThat(world.record("web").revision()).isEqualTo(world.revision());
    }

    @Test
    void zero_is_believed_once_it_was_read_twice_and_50_ms_apart() {
        world.provider.underWay(World.target(2), 3);
        drain(2);
        world.pass();
        world.provider.underWay(World.target(2), 0);
        assertThat(world.pass()).isEqualTo(Duration.ofMillis(50));
        assertThat(inFlight()).hasValue(3);
        world.after(Duration.ofMillis(49));
        world.pass();
        assertThat(inFlight()).hasValue(3);
        world.after(Duration.ofMillis(1));
        assertThat(world.pass()).isGreaterThan(Duration.ofSeconds(1));
        assertThat(inFlight()).hasValue(0);
    }

    @Test
    void a_first_zero_is_told_as_one() {
        drain(2);
        world.pass();
        assertThat(inFlight()).hasValue(1);
        world.after(Duration.ofMillis(50));
        world.pass();
        assertThat(inFlight()).hasValue(0);
    }

    @Test
    void a_request_between_two_zeros_begins_the_count_anew() {
        drain(2);
        world.pass();
        world.provider.underWay(World.target(2), 1);
        world.after(Duration.ofMillis(50));
        world.pass();
        world.provider.underWay(World.target(2), 0);
        world.after(Duration.ofMillis(50));
        world.pass();
        assertThat(inFlight()).hasValue(1);
        world.after(Duration.ofMillis(50));
        world.pass();
        assertThat(inFlight()).hasValue(0);
    }

    @Test
    void a_second_drain_is_counted_like_the_first() {
        drain(2);
        world.pass();
        world.after(Duration.ofMillis(50));
        world.pass();
        world.up("web", 2);
        world.pass();
        assertThat(draining()).isEmpty();
        drain(2);
        world.pass();
        assertThat(inFlight()).hasValue(1);
    }

    @Test
    void while_requests_run_the_record_is_written_each_second_and_not_once_they_have_ended() {
        world.provider.underWay(World.target(2), 3);
        drain(2);
        assertThat(world.pass()).isEqualTo(Duration.ofSeconds(1));
        world.progress.takeWrites();
        for (int i = 0; i < 5; i++) {
            Instant before = world.record("web").at();
            world.after(Duration.ofSeconds(1));
            assertThat(world.pass()).isEqualTo(Duration.ofSeconds(1));
            assertThat(world.record("web").at()).isAfter(before);
        }
        assertThat(world.progress.takeWrites()).hasSize(5);
        world.provider.underWay(World.target(2), 0);
        world.pass();
        world.after(Duration.ofMillis(50));
        world.pass();
        assertThat(inFlight()).hasValue(0);
        world.progress.takeWrites();
        for (int i = 0; i < 20; i++) {
            world.after(Duration.ofSeconds(2));
            world.pass();
        }
        assertThat(world.progress.takeWrites()).isEmpty();
    }

    @Test
    void a_count_that_fails_leaves_the_record_silent() {
        world.provider.underWay(World.target(2), 3);
        drain(2);
        world.pass();
        world.progress.takeWrites();
        world.provider.outage(Optional.of("the socket is gone"));
        for (int i = 0; i < 5; i++) {
            world.after(Duration.ofSeconds(1));
            world.pass();
        }
        assertThat(world.progress.takeWrites()).isEmpty();
    }

    @Test
    void the_last_one_up_is_named_and_nobody_waits_for_it() {
        drain(1);
        world.pass();
        drain(2);
        world.pass();
        assertThat(world.record("web").leaving().last()).contains(new InstanceId("web", "web02"));
        assertThat(draining()).extracting(Applied.Draining::instance).containsExactly(World.id("web", 1));
        assertThat(world.balancer("web")).isEqualTo("web01~ web02");
    }

    @Test
    void what_is_held_drains_for_nobody() {
        world.provider.underWay(World.target(2), 3);
        drain(2);
        world.pass();
        world.expire("web", 2);
        world.answer(ProbeResult.CHECK_PASSES, 2);
        world.settle();
        assertThat(world.held("web")).containsExactly("web02");
        assertThat(draining()).isEmpty();
    }

    @Test
    void where_it_cannot_be_asked_the_record_says_after_which_time_it_is_safe() {
        assertThat(world.record("web").synchronous()).isTrue();
        world.provider.safeAfter(Duration.ofMinutes(5));
        drain(2);
        world.pass();
        assertThat(world.record("web").leaving().safeAfter()).contains(Duration.ofMinutes(5));
        assertThat(world.record("web").synchronous()).isFalse();
    }

    @Test
    void an_entry_says_since_when_and_how_fast() {
        Applied.Since first = since("web01");
        assertThat(first.revision()).isEqualTo(world.revision());
        assertThat(first.took()).contains(Duration.ZERO);
        world.after(Duration.ofSeconds(30));
        world.up("web", 3);
        world.after(Duration.ofMillis(9));
        world.pass();
        assertThat(since("web01")).isEqualTo(first);
        assertThat(since("web03").took()).contains(Duration.ofMillis(9));
        assertThat(since("web03").revision()).isEqualTo(world.revision());

        world.restart();
        world.pass();
        assertThat(since("web01")).isEqualTo(first);
    }

    @Test
    void what_had_to_wait_for_its_balancer_says_so() {
        world.provider.outage(Optional.of("down"));
        world.up("web", 3);
        world.pass();
        world.after(Duration.ofSeconds(7));
        world.up("web", 4);
        world.provider.outage(Optional.empty());
        world.pass();
        assertThat(since("web03").took()).contains(Duration.ofSeconds(7));
    }

    private Applied.Since since(String instance) {
        return world.record("web").targets().stream()
                .filter(entry -> entry.instance().instance().equals(instance))
                .findFirst()
                .orElseThrow()
                .since();
    }

    @Test
    void nothing_is_steered_by_a_catalog_that_is_older_than_its_record() {
        world.up("db", 7);
        world.progress.onWrite(() -> {
            world.progress.onWrite(() -> {});
            // Somebody drains it in this moment and saw no record; the watch has not brought that yet.
            world.unseen(() -> drainDb());
            world.feed.sourceIsAt(world.revision());
        });
        world.pass();
        assertThat(world.hasRecord("db")).isTrue();
        assertThat(world.balancer("db")).isEqualTo("none");
        world.up("web", 3);
        world.pass();
        assertThat(world.balancer("db")).isEqualTo("db07~");
        assertThat(world.balancer("web")).isEqualTo("web01 web02 web03");
    }

    @Test
    void what_stands_there_already_does_not_leave_for_being_looked_at() {
        world.up("db", 7, 8);
        world.pass();
        world.progress.takeWrites();
        world.restart();
        world.progress.forget("db", World.PROVIDER, World.WATCHER);
        world.feed.sourceIsAt(world.revision() + 10);
        world.pass();
        assertThat(world.balancer("db")).isEqualTo("db07 db08");
    }

    private void drainDb() {
        world.is("db", 7, InstanceState.DRAINING, "drain");
    }
}
