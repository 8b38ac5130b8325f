package dev.muster.watcher;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A target that does not take one service, such as a name that is somebody else's. */
class WatcherRefusedTest {

    private final World world = new World();

    @Test
    void a_service_that_is_refused_keeps_no_other_one_waiting() {
        world.provider.refuse("web", "the name is somebody else's");
        world.up("web", 1);
        world.up("app", 2);
        world.settle();
        assertThat(world.outside).containsOnlyKeys("app");
        assertThat(world.record("app").targets()).hasSize(1);
        assertThat(world.record("web").targets()).as("what is not in force").isEmpty();
        assertThat(world.status.notReady()).isEmpty();
        assertThat(world.status.refusals()).containsExactly("service web is not in step: the name is somebody else's");

        world.up("app", 3);
        world.settle();
        assertThat(world.record("app").targets()).hasSize(2);
    }

    @Test
    void it_is_tried_again_and_in_force_as_soon_as_it_is_taken() {
        world.provider.refuse("web", "the name is somebody else's");
        world.up("web", 1);
        world.settle();
        world.provider.refuse("web", null);
        world.settle();
        assertThat(world.outside).containsOnlyKeys("web");
        assertThat(world.record("web").targets()).hasSize(1);
        assertThat(world.status.refusals()).isEmpty();
    }

    @Test
    void what_it_had_before_it_was_refused_is_still_known() {
        world.up("web", 1, 2);
        world.settle();
        world.provider.refuse("web", "changed by hand");
        world.goodbye("web", 2);
        world.settle();
        assertThat(world.provider.servedNow("web")).containsOnlyKeys(World.target(1), World.target(2));
        world.provider.refuse("web", null);
        world.settle();
        assertThat(world.provider.servedNow("web")).containsOnlyKeys(World.target(1));
    }
}
