package dev.muster.watcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.plan.ProbeResult;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A provider fails once some of its changes are in force, again and again, and the watcher dies before one goes well. */
class WatcherCutShortTest {

    private final World world = new World();

    private void cutShortAfter(int changes) {
        world.provider.cutShortAfter(changes);
        world.pass();
        world.after(Duration.ofSeconds(6));
    }

    @Test
    void itsSuccessorKnowsHowManyThereWere() {
        world.up("web", 1, 2);
        world.settle();
        world.up("web", 3, 4);
        world.up("zed", 9);
        cutShortAfter(3);
        assertThat(world.balancer("web")).as("in force").isEqualTo("web01 web02 web03 web04");
        assertThat(world.record("web").sizes().lastEntry().getValue()).isEqualTo(4);
        assertThat(world.record("web").targets()).as("and not known to be").hasSize(2);

        world.answer(ProbeResult.SILENT, 1, 2, 3, 4);
        world.expire("web", 1, 2, 3, 4);
        // As another such pass would have left it, which was right to let two of four go.
        world.provider.edit("web", targets -> List.of(3, 4).forEach(number -> targets.remove(World.target(number))));
        world.restart();
        world.settle();
        world.settle();
        assertThat(world.balancer("web")).as("half of four").isEqualTo("web01 web02");
    }
}
