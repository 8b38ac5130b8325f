package dev.muster.watcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.model.InstanceState;
import dev.muster.model.KeyedCertificate;
import dev.muster.model.Protocol;
import dev.muster.model.Route;
import dev.muster.plan.Guard;
import dev.muster.plan.ServiceTargets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What a look goes over, and what it may leave out. */
class WatcherAttentionTest {

    private static final Duration SHORT = Duration.ofMillis(100);
    private static final Route WWW = new Route("www.example.com", "", 0);

    private final List<Integer> asked = new ArrayList<>();
    private final World world = new World(facts -> {
        asked.add(facts.wanted().size());
        return Guard.decide(facts);
    });

    @Test
    void oneChangeAmongManyServicesIsDecidedAlone() {
        for (int i = 0; i < 200; i++) {
            world.put("web%03d".formatted(i), i, 1, InstanceState.UP, "");
        }
        world.publish();
        look();
        look();
        asked.clear();
        world.is("web007", 7, InstanceState.DOWN, "paused");
        look();
        assertThat(asked).hasSize(1);
        assertThat(world.balancer("web007")).isEqualTo("web00707_");
        look();
        look();
        assertThat(asked).hasSize(1);
    }

    @Test
    void aRouteThatAnotherServiceGivesUpIsTakenAtOnce() {
        world.put("app", 1, 1, InstanceState.UP, "", WWW);
        world.put("web", 2, 2, InstanceState.UP, "", WWW);
        world.publish();
        look();
        look();
        assertThat(web().routes()).isEmpty();
        world.put("app", 1, 1, InstanceState.UP, "");
        world.publish();
        look();
        assertThat(web().routes()).containsExactly(WWW);
        assertThat(world.status.refusals()).isEmpty();
        look();
        assertThat(world.record("web").refused()).isEmpty();
        world.put("app", 1, 1, InstanceState.UP, "", WWW);
        world.publish();
        look();
        assertThat(web().routes()).as("it has it by now").containsExactly(WWW);
    }

    @Test
    void whatAFailureHasCutShortIsMadeGoodAtTheNextLook() {
        world.put("app", 1, 1, InstanceState.UP, "", WWW);
        world.put("web", 2, 2, InstanceState.UP, "", WWW);
        world.publish();
        look();
        look();
        world.put("app", 1, 1, InstanceState.UP, "");
        world.publish();
        world.provider.cutShortAfter(1);
        look();
        assertThat(web().routes()).isEmpty();
        world.after(Duration.ofMillis(300));
        look();
        assertThat(web().routes()).containsExactly(WWW);
    }

    @Test
    void aCertificateIsTakenAtTheFirstLookAfterItsTimeHasBegun() {
        KeyedCertificate certificate = SampleCertificates.FIRST;
        Instant begin = Instant.parse("2026-11-27T17:42:45Z");
        world.up("web", 1);
        world.set("web", "ssl_cert", certificate.chain());
        world.set("web", "ssl_key", certificate.key());
        world.after(Duration.between(world.time.now(), begin.minusMillis(50)));
        world.pass();
        world.pass();
        assertThat(web().options().certificate()).isEmpty();
        look();
        assertThat(web().options().certificate()).contains(certificate);
        assertThat(world.status.refusals()).isEmpty();
    }

    @Test
    void whatAHandHasDoneIsFoundThoughTheRegistryHasNoNews() {
        world.up("app", 1);
        world.up("web", 2);
        look();
        look();
        ServiceTargets before = web();
        world.provider.edit("web", targets -> targets.remove(World.target(2)));
        look();
        assertThat(web()).isEqualTo(before);
        world.outside.put("foreign", new ServiceTargets("foreign", Protocol.HTTP, List.of(), before.targets()));
        look();
        look();
        assertThat(world.status.holds()).isNotEmpty();
    }

    private ServiceTargets web() {
        return Objects.requireNonNull(world.outside.get("web"));
    }

    private void look() {
        world.after(SHORT);
        world.pass();
    }
}
