package dev.muster.watcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.model.InstanceState;
import dev.muster.model.Protocol;
import dev.muster.model.Registration;
import dev.muster.model.Route;
import dev.muster.plan.Change;
import dev.muster.plan.ProbeResult;
import dev.muster.plan.ServiceTargets;
import dev.muster.registry.Applied;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The ordinary life of a service under a watcher. */
class WatcherTest {

    private final World world = new World();

    @Test
    void touches_nothing_before_the_first_catalog() {
        world.outside.put("web", new ServiceTargets("web", Protocol.HTTP, List.of(), Collections.emptySortedMap()));
        world.pass();
        assertThat(world.balancer("web")).isEmpty();
        assertThat(world.provider.writes()).isZero();
        assertThat(world.status.notReady()).contains("the registry has not been read yet");

        world.publish();
        world.pass();
        assertThat(world.balancer("web")).isEqualTo("none");
        assertThat(world.status.notReady()).isEmpty();
    }

    @Test
    void what_is_registered_is_in_service_and_recorded() {
        world.up("web", 1, 2);
        world.pass();
        assertThat(world.balancer("web")).isEqualTo("web01 web02");
        Applied record = world.record("web");
        assertThat(record.revision()).isEqualTo(world.revision());
        assertThat(record.targets())
                .extracting(Applied.Entry::target)
                .containsExactly(World.target(1), World.target(2));
        assertThat(record.held()).isEmpty();
        assertThat(record.sizes()).containsValue(2);
    }

    @Test
    void writes_nothing_once_converged_however_long() {
        world.up("web", 1, 2);
        world.settle();
        int writes = world.provider.writes();
        world.progress.takeWrites();
        for (int i = 0; i < 100; i++) {
            world.after(Duration.ofMinutes(3));
            world.pass();
        }
        assertThat(world.provider.writes()).isEqualTo(writes);
        assertThat(world.progress.takeWrites()).isEmpty();

        world.up("web", 3);
        world.pass();
        assertThat(world.provider.writes()).isGreaterThan(writes);
        assertThat(world.progress.takeWrites()).hasSize(1);
    }

    @Test
    void looks_at_the_balancer_again_within_seconds() {
        world.up("web", 1);
        assertThat(world.pass()).isLessThanOrEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void the_record_is_there_before_anything_is_routed() {
        world.up("web", 1, 2);
        boolean[] routed = {true};
        world.progress.onWrite(() -> {
            world.progress.onWrite(() -> {});
            routed[0] = world.outside.containsKey("web");
            // Somebody drains in this moment, and saw no record: the catalog that is steered by must show it.
            world.is("web", 2, InstanceState.DRAINING, "drain");
        });
        world.pass();
        assertThat(routed[0]).isFalse();
        assertThat(world.balancer("web")).isEqualTo("web01 web02~");
        assertThat(world.provider.applied())
                .filteredOn(Change.Add.class::isInstance)
                .noneMatch(change -> ((Change.Add) change).state().state() == InstanceState.UP
                        && ((Change.Add) change).target().equals(World.target(2)));
    }

    @Test
    void the_record_of_a_change_reaches_its_revision() {
        world.up("web", 1, 2);
        world.pass();
        world.is("web", 1, InstanceState.DRAINING, "drain");
        long drained = world.revision();
        assertThat(world.record("web").revision()).isLessThan(drained);
        world.pass();
        assertThat(world.record("web").revision()).isEqualTo(drained);
        assertThat(world.balancer("web")).isEqualTo("web01~ web02");
    }

    @Test
    void a_service_whose_last_instance_says_goodbye_leaves_with_its_record() {
        world.up("web", 1);
        world.up("app", 2);
        world.pass();
        world.goodbye("web", 1);
        world.pass();
        assertThat(world.balancer("web")).isEqualTo("none");
        assertThat(world.hasRecord("web")).isFalse();
        assertThat(world.balancer("app")).isEqualTo("app02");
        assertThat(world.hasRecord("app")).isTrue();
    }

    @Test
    void a_deploy_that_adds_and_then_ends_leaves_no_hold_and_no_large_size() {
        world.up("web", 1, 2, 3, 4);
        world.pass();
        for (int number = 1; number <= 4; number++) {
            world.after(Duration.ofSeconds(10));
            world.up("web", number + 10);
            world.pass();
            world.goodbye("web", number);
            world.pass();
        }
        assertThat(world.balancer("web")).isEqualTo("web11 web12 web13 web14");
        assertThat(world.held("web")).isEmpty();
        assertThat(world.record("web").sizes()).hasSize(1).containsValue(4);
    }

    @Test
    void a_crash_of_most_is_probed_and_half_stays() {
        world.up("web", 1, 2, 3, 4);
        world.pass();
        world.expire("web", 1, 2, 3, 4);
        world.pass();
        assertThat(world.balancer("web")).isEqualTo("web01 web02 web03 web04");
        assertThat(world.held("web")).hasSize(4);
        assertThat(world.probes.followed()).hasSize(4);

        world.answer(ProbeResult.SILENT, 1, 2, 3, 4);
        world.pass();
        assertThat(world.balancer("web")).isEqualTo("web03 web04");
        assertThat(world.held("web")).containsExactly("web03", "web04");
        assertThat(world.metrics.held).isEqualTo(2);
        assertThat(world.status.holds()).hasSize(2);

        world.up("web", 5, 6);
        world.pass();
        assertThat(world.balancer("web")).isEqualTo("web05 web06");
        assertThat(world.metrics.held).isZero();
        assertThat(world.probes.followed()).isEmpty();
    }

    @Test
    void an_agent_that_is_gone_takes_no_service_with_it_while_its_instances_answer() {
        world.up("web", 1, 2);
        world.pass();
        world.answer(ProbeResult.BARE_TCP, 1, 2);
        world.expire("web", 1, 2);
        world.settle();
        int writes = world.provider.writes();
        world.progress.takeWrites();
        for (int i = 0; i < 59; i++) {
            world.pass();
            world.after(Duration.ofMinutes(1));
        }
        assertThat(world.balancer("web")).isEqualTo("web01 web02");
        assertThat(world.provider.writes()).isEqualTo(writes);
        assertThat(world.progress.takeWrites()).isEmpty();

        world.after(Duration.ofMinutes(1));
        world.pass();
        assertThat(world.balancer("web")).isEqualTo("web02");
    }

    @Test
    void failing_checks_of_most_are_not_believed() {
        world.up("web", 1, 2, 3);
        world.pass();
        world.is("web", 1, InstanceState.DOWN, Registration.REASON_CHECK);
        world.pass();
        assertThat(world.balancer("web")).isEqualTo("web01_ web02 web03");
        world.is("web", 2, InstanceState.DOWN, Registration.REASON_CHECK);
        world.pass();
        assertThat(world.balancer("web")).isEqualTo("web01 web02 web03");
        assertThat(world.record("web").failOpen()).isTrue();
        assertThat(world.metrics.failOpen).isEqualTo(1);
        world.up("web", 1);
        world.pass();
        assertThat(world.balancer("web")).isEqualTo("web01 web02_ web03");
        assertThat(world.metrics.failOpen).isZero();
    }

    @Test
    void the_last_one_up_stays_ready_until_its_goodbye() {
        world.up("web", 1);
        world.pass();
        world.is("web", 1, InstanceState.DRAINING, "drain");
        world.pass();
        assertThat(world.balancer("web")).isEqualTo("web01");
        world.goodbye("web", 1);
        world.pass();
        assertThat(world.balancer("web")).isEqualTo("none");
    }

    @Test
    void a_held_instance_keeps_its_routes() {
        Route shop = new Route("shop.example.com", "", 0);
        world.put("web", 1, 1, InstanceState.UP, "", shop);
        world.put("web", 2, 1, InstanceState.UP, "");
        world.publish();
        world.pass();
        world.expire("web", 1);
        world.pass();
        assertThat(world.outside)
                .hasEntrySatisfying("web", web -> assertThat(web.routes()).containsExactly(shop));
        world.answer(ProbeResult.SILENT, 1);
        world.settle();
        assertThat(world.outside)
                .hasEntrySatisfying("web", web -> assertThat(web.routes()).isEmpty());
    }

    @Test
    void a_service_that_is_all_held_keeps_its_protocol() {
        world.put("db", 1, 1, InstanceState.UP, "", Protocol.TCP, new Route("", "", 5432));
        world.publish();
        world.pass();
        world.expire("db", 1);
        world.settle();
        assertThat(world.outside)
                .hasEntrySatisfying("db", db -> assertThat(db.protocol()).isEqualTo(Protocol.TCP));
        assertThat(world.balancer("db")).isEqualTo("db01");
    }

    @Test
    void udp_is_not_for_a_balancer_of_connections() {
        world.put("dns", 1, 1, InstanceState.UP, "", Protocol.UDP);
        world.up("web", 2);
        world.pass();
        assertThat(world.outside).containsOnlyKeys("web");
        assertThat(world.hasRecord("dns")).isFalse();
    }

    @Test
    void the_propagation_is_measured_once_for_each_change() {
        world.up("web", 1);
        world.after(Duration.ofMillis(7));
        world.pass();
        world.pass();
        assertThat(world.metrics.propagations).containsExactly(Duration.ofMillis(7));

        world.provider.edit("web", targets -> targets.clear());
        world.after(Duration.ofSeconds(30));
        world.pass();
        assertThat(world.metrics.propagations).hasSize(1);
        assertThat(world.balancer("web")).isEqualTo("web01");
    }
}
