package dev.muster.watcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.plan.ProbeResult;
import dev.muster.registry.Applied;
import dev.muster.registry.Progress;
import dev.muster.registry.RegistryException;
import dev.muster.registry.Release;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A person overrules a hold, once. */
class WatcherReleaseTest {

    private final World world = new World();

    @BeforeEach
    void twoAreHeld() {
        world.up("web", 1, 2, 3);
        world.pass();
        world.expire("web", 2, 3);
        world.answer(ProbeResult.CHECK_PASSES, 2, 3);
        world.settle();
        assertThat(world.held("web")).containsExactly("web02", "web03");
        world.after(Duration.ofSeconds(2));
    }

    private void release(int... numbers) throws RegistryException {
        world.releases.put(new Release(
                "web",
                World.PROVIDER,
                Arrays.stream(numbers).mapToObj(World::target).collect(Collectors.toCollection(TreeSet::new)),
                "root@ops1",
                world.time.now(),
                0));
    }

    /** One that is due to look at what people say. */
    private void pass() {
        world.after(Duration.ofSeconds(2));
        world.pass();
    }

    @Test
    void what_a_person_releases_goes_and_the_release_ends() throws Exception {
        release(3);
        world.pass();
        assertThat(world.balancer("web")).isEqualTo("web01 web02");
        assertThat(world.held("web")).containsExactly("web02");
        assertThat(world.record("web").released()).isPositive();
        assertThat(world.record("web").sizes()).containsValue(2);
        pass();
        assertThat(world.releases.standing()).isEmpty();
        assertThat(world.balancer("web")).isEqualTo("web01 web02");
    }

    @Test
    void even_the_last_one_goes_and_its_record_with_it() throws Exception {
        world.goodbye("web", 1);
        world.pass();
        release(2, 3);
        pass();
        assertThat(world.balancer("web")).isEqualTo("none");
        assertThat(world.hasRecord("web")).isFalse();
        pass();
        assertThat(world.releases.standing()).isEmpty();
    }

    @Test
    void it_is_obeyed_once_even_where_it_cannot_be_ended() throws Exception {
        world.releases.loseAnswers(Optional.of("timed out"));
        release(3);
        world.pass();
        assertThat(world.balancer("web")).isEqualTo("web01 web02");
        // It comes back and is lost again: that is another hold, which nobody has released.
        world.up("web", 3);
        pass();
        world.expire("web", 3);
        pass();
        pass();
        assertThat(world.releases.standing()).hasSize(1);
        assertThat(world.held("web")).containsExactly("web02", "web03");

        world.restart();
        pass();
        pass();
        assertThat(world.held("web")).containsExactly("web02", "web03");

        world.releases.loseAnswers(Optional.empty());
        pass();
        assertThat(world.releases.standing()).isEmpty();
        assertThat(world.held("web")).containsExactly("web02", "web03");
    }

    @Test
    void a_watcher_that_dies_before_it_says_so_does_the_rest_of_it() throws Exception {
        release(3);
        world.progress.outage(Optional.of("timed out"));
        world.pass();
        assertThat(world.balancer("web")).isEqualTo("web01 web02");
        world.progress.outage(Optional.empty());
        world.restart();
        assertThat(world.record("web").held()).hasSize(2);
        world.settle();
        pass();
        pass();
        assertThat(world.balancer("web")).isEqualTo("web01 web02");
        assertThat(world.held("web")).containsExactly("web02");
        assertThat(world.releases.standing()).isEmpty();
    }

    @Test
    void it_waits_while_the_registry_settles_and_is_obeyed_then() throws Exception {
        world.unsettledFor(Duration.ofSeconds(30));
        release(2, 3);
        pass();
        assertThat(world.balancer("web")).isEqualTo("web01 web02 web03");
        assertThat(world.releases.standing()).hasSize(1);
        world.after(Duration.ofSeconds(40));
        pass();
        assertThat(world.balancer("web")).isEqualTo("web01");
    }

    @Test
    void it_stands_until_every_watcher_that_holds_some_of_it_has_obeyed() throws Exception {
        Progress.Watcher other = new Progress.Watcher("lb2", "host2", "test", List.of(World.PROVIDER), Map.of());
        world.progress.announce(other);
        Applied mine = world.record("web");
        Applied theirs = of(mine, "lb2", 0);
        world.progress.write(theirs);
        release(2, 3);
        world.pass();
        pass();
        assertThat(world.balancer("web")).isEqualTo("web01");
        assertThat(world.releases.standing()).hasSize(1);

        world.progress.write(
                of(mine, "lb2", world.releases.standing().getFirst().revision()));
        pass();
        assertThat(world.releases.standing()).isEmpty();
    }

    @Test
    void nobody_looks_for_releases_while_nothing_is_held() {
        world.up("web", 2, 3);
        pass();
        pass();
        int looks = world.releases.looks();
        for (int i = 0; i < 20; i++) {
            pass();
        }
        assertThat(world.releases.looks()).isEqualTo(looks);
    }

    @Test
    void releases_that_cannot_be_read_hold_up_nothing_else() throws Exception {
        release(2, 3);
        world.releases.outage(Optional.of("timed out"));
        world.up("web", 4);
        pass();
        assertThat(world.balancer("web")).isEqualTo("web01 web02 web03 web04");
        world.releases.outage(Optional.empty());
        pass();
        assertThat(world.balancer("web")).isEqualTo("web01 web04");
    }

    private static Applied of(Applied record, String watcher, long released) {
        return new Applied(
                record.service(),
                record.provider(),
                watcher,
                record.revision(),
                record.at(),
                record.targets(),
                record.held(),
                record.failOpen(),
                record.sizes(),
                record.leaving(),
                released);
    }
}
