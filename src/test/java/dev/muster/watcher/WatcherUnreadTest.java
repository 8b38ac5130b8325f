package dev.muster.watcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.plan.Refusal;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Of a service that could not be read, though the others could, nothing is decided: not read is not empty. */
class WatcherUnreadTest {

    private static final Refusal NOT_READ = new Refusal("account", "it is not read");

    private final World world = new World();

    @BeforeEach
    void two() {
        world.up("web", 1, 2);
        world.up("app", 3);
        world.settle();
    }

    private void hideWeb() {
        world.provider.hide("web"::equals);
    }

    @Test
    void it_stays_as_it_is_and_the_others_follow_and_its_record_says_why() {
        hideWeb();
        world.up("web", 4);
        world.goodbye("web", 2);
        world.up("app", 5);
        world.settle();
        assertThat(world.balancer("web")).isEqualTo("web01 web02");
        assertThat(world.balancer("app")).isEqualTo("app03 app05");
        assertThat(world.record("web").targets()).hasSize(2);
        assertThat(world.record("web").refused()).containsExactly(NOT_READ);
        assertThat(world.metrics.refused).isEqualTo(1);
        assertThat(world.metrics.failures).isZero();

        world.provider.hide(none -> false);
        world.settle();
        assertThat(world.balancer("web")).isEqualTo("web01 web04");
        assertThat(world.record("web").refused()).isEmpty();
        assertThat(world.status.refusals()).isEmpty();
    }

    @Test
    void what_expires_meanwhile_is_held_as_soon_as_it_is_read_again() {
        hideWeb();
        world.expire("web", 2);
        world.settle();
        world.provider.hide(none -> false);
        world.settle();
        assertThat(world.balancer("web")).isEqualTo("web01 web02");
        assertThat(world.record("web").held()).hasSize(1);
    }

    @Test
    void a_watcher_that_begins_while_it_is_not_read_goes_by_what_stood_there_then() {
        hideWeb();
        world.expire("web", 2);
        world.restart();
        world.settle();
        world.after(Duration.ofSeconds(40));
        world.settle();
        assertThat(world.record("web").targets()).hasSize(2);
        world.provider.hide(none -> false);
        world.settle();
        assertThat(world.balancer("web")).isEqualTo("web01 web02");
        assertThat(world.record("web").held()).hasSize(1);
        assertThat(world.record("web").refused()).isEmpty();
    }

    @Test
    void nothing_of_it_is_lost_where_that_is_found_only_when_it_was_to_be_changed() {
        world.provider.onRead(() -> world.provider.hide(none -> false));
        world.up("web", 4);
        world.provider.onApply(this::hideWeb);
        world.pass();
        assertThat(world.record("web").targets()).hasSize(2);
        assertThat(world.record("web").refused()).containsExactly(NOT_READ);
        world.provider.onApply(() -> {});
        world.settle();
        assertThat(world.balancer("web")).isEqualTo("web01 web02 web04");
        assertThat(world.record("web").targets()).hasSize(3);
    }
}
