package dev.muster.watcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.model.InstanceState;
import dev.muster.model.Protocol;
import dev.muster.plan.Details;
import dev.muster.plan.ProbeResult;
import dev.muster.plan.ServiceTargets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** A provider that renders files: it is told what is known of services and instances, and it has ways of its own. */
class DescribedTargetsTest {

    private final World world = new World("template");

    private ServiceTargets outside(String service) {
        return Objects.requireNonNull(world.outside.get(service), service);
    }

    private Details details(int number) {
        return outside("web").about().details(World.target(number));
    }

    @Test
    void is_told_of_every_protocol_and_of_what_instances_say() {
        world.put("dns", 9, 1, InstanceState.UP, "", Protocol.UDP);
        world.up("web", 1);
        world.settle();
        assertThat(outside("dns").protocol()).isEqualTo(Protocol.UDP);
        assertThat(details(1).host()).isEqualTo("host1");
        assertThat(details(1).image()).isEqualTo("image");
    }

    @Test
    void is_told_of_settings_also_of_a_service_without_instances_and_writes_no_record_of_it() {
        world.settings.put("nginx", new TreeMap<>(Map.of("dns_name", "www.example.com")));
        world.publish();
        world.settle();
        assertThat(outside("nginx").about().settings()).containsEntry("dns_name", "www.example.com");
        assertThat(world.hasRecord("nginx")).isFalse();
        int writes = world.provider.writes();
        world.settle();
        assertThat(world.provider.writes()).isEqualTo(writes);

        world.settings.clear();
        world.publish();
        world.settle();
        assertThat(world.outside).doesNotContainKey("nginx");
    }

    @Test
    void settings_that_a_lost_registry_no_longer_has_stay_until_it_had_the_time_to_be_filled_again() {
        world.settings.put("nginx", new TreeMap<>(Map.of("dns_name", "www.example.com")));
        world.publish();
        world.settle();
        world.settings.clear();
        world.unsettledFor(Duration.ofSeconds(30));
        world.settle();
        assertThat(world.outside).containsKey("nginx");
        world.after(Duration.ofSeconds(31));
        world.publish();
        world.settle();
        assertThat(world.outside).doesNotContainKey("nginx");
    }

    @Test
    void what_is_held_is_still_described_also_by_the_next_watcher() {
        world.up("web", 1, 2, 3);
        world.settle();
        world.answer(ProbeResult.BARE_TCP, 1);
        world.expire("web", 1);
        world.settle();
        assertThat(world.held("web")).containsExactly("web01");
        assertThat(details(1).image()).isEqualTo("image");
        world.restart();
        world.settle();
        assertThat(world.held("web")).containsExactly("web01");
        assertThat(details(1).image()).isEqualTo("image");
    }

    @Test
    void what_no_plan_shows_is_put_right_all_the_same() {
        world.up("web", 1);
        world.settle();
        world.provider.disturb();
        world.pass();
        assertThat(world.provider.disturbed()).isFalse();
    }

    @Test
    void while_it_rests_changes_gather() {
        world.up("web", 1);
        world.settle();
        world.provider.restFor(Duration.ofSeconds(7));
        world.up("web", 1, 2);
        world.pass();
        world.up("web", 1, 2, 3);
        assertThat(world.pass()).as("looks again").isLessThanOrEqualTo(Duration.ofSeconds(7));
        assertThat(world.balancer("web")).isEqualTo("web01");
        world.provider.restFor(Duration.ZERO);
        world.settle();
        assertThat(world.balancer("web")).isEqualTo("web01 web02 web03");
    }

    @Test
    void after_failures_what_has_changed_is_tried_soon() {
        world.up("web", 1);
        world.settle();
        world.up("web", 1, 2);
        for (int i = 0; i < 10; i++) {
            world.provider.cutShortAfter(0);
            world.pass();
            world.after(Duration.ofSeconds(6));
        }
        world.provider.cutShortAfter(0);
        world.pass();
        world.after(Duration.ofMillis(250));
        world.pass();
        assertThat(world.balancer("web")).as("nothing has changed").isEqualTo("web01");
        world.up("web", 1, 2, 3);
        world.settle();
        assertThat(List.of(world.balancer("web"))).containsExactly("web01 web02 web03");
    }
}
