package dev.muster.watcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.model.Target;
import dev.muster.registry.Applied;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is in service and gets no requests, since a check of the target's own fails. */
class WatcherFailingTest {

    private final World world = new World();
    private Target one;

    @BeforeEach
    void twoServe() {
        world.up("web", 1, 2);
        world.settle();
        one = world.record("web").targets().getFirst().target();
    }

    private void looks(int times) {
        for (int i = 0; i < times; i++) {
            world.after(Duration.ofSeconds(3));
            world.pass();
        }
    }

    @Test
    void itIsRecordedOnceWhenItBeginsAndWhenItEnds() {
        world.provider.failing("web", one);
        looks(2);
        Applied written = world.record("web");
        assertThat(written.failing()).containsExactly(one);
        assertThat(written.targets()).as("it stays in service").hasSize(2);
        looks(5);
        assertThat(world.record("web")).isEqualTo(written);
        world.up("web", 3);
        world.settle();
        assertThat(world.record("web").failing())
                .as("whatever else is recorded")
                .containsExactly(one);
        world.provider.failing("web");
        looks(2);
        assertThat(world.record("web").failing()).isEmpty();
    }

    @Test
    void oneThatBeginsBelievesItsOwnLook() {
        world.provider.failing("web", one);
        looks(2);
        world.provider.failing("web");
        world.restart();
        world.settle();
        looks(2);
        assertThat(world.record("web").failing()).isEmpty();
        world.provider.failing("web", one, new Target("10.99.0.1", 1));
        world.restart();
        world.settle();
        looks(2);
        assertThat(world.record("web").failing()).as("of what stands there").containsExactly(one);
    }
}
