package dev.muster.watcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.plan.Spread;
import dev.muster.registry.Applied;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Changes of which it is known only later that they are in force everywhere. */
class WatcherSpreadTest {

    private static final Spread UNDER_WAY = new Spread(Instant.EPOCH, Optional.empty());
    private static final Spread EVERYWHERE = new Spread(Instant.EPOCH, Optional.of(Duration.ofSeconds(31)));

    private final World world = new World();

    @Test
    void howFarAChangeHasComeIsRecordedOnceAtEachStep() {
        world.provider.spread("web", UNDER_WAY);
        world.up("web", 1, 2);
        world.settle();
        assertThat(world.record("web").spread()).contains(UNDER_WAY);
        world.provider.spread("web", EVERYWHERE);
        world.settle();
        assertThat(world.record("web").spread()).contains(EVERYWHERE);
        Applied written = world.record("web");
        for (int pass = 0; pass < 5; pass++) {
            world.after(Duration.ofSeconds(2));
            world.pass();
        }
        assertThat(world.record("web")).isEqualTo(written);
    }

    @Test
    void oneThatBeginsKeepsWhatItsPredecessorHasSeen() {
        world.provider.spread("web", EVERYWHERE);
        world.up("web", 1, 2);
        world.settle();
        world.provider.forgetSpreads();
        world.restart();
        world.settle();
        world.up("web", 3);
        world.settle();
        assertThat(world.record("web").spread()).contains(EVERYWHERE);
    }
}
