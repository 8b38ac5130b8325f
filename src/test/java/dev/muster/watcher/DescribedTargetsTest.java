package dev.muster.watcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.model.InstanceState;
import dev.muster.model.Protocol;
import dev.muster.model.Route;
import dev.muster.model.ServiceOptions;
import dev.muster.plan.Change;
import dev.muster.plan.Details;
import dev.muster.plan.ProbeResult;
import dev.muster.plan.ServiceTargets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
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
        world.set("nginx", "dns_name", "www.example.com");
        world.settle();
        assertThat(outside("nginx").about().settings()).containsEntry("dns_name", "www.example.com");
        assertThat(world.hasRecord("nginx")).isFalse();
        int writes = world.provider.writes();
        world.settle();
        assertThat(world.provider.writes()).isEqualTo(writes);

        world.set("nginx", "dns_name", null);
        world.settle();
        assertThat(world.outside).doesNotContainKey("nginx");
    }

    @Test
    void settings_that_a_lost_registry_no_longer_has_stay_until_it_had_the_time_to_be_filled_again() {
        world.set("nginx", "dns_name", "www.example.com");
        world.settle();
        world.loseSettings();
        world.unsettledFor(Duration.ofSeconds(30));
        world.settle();
        assertThat(world.outside).containsKey("nginx");
        world.after(Duration.ofSeconds(31));
        world.publish();
        world.settle();
        assertThat(world.outside).doesNotContainKey("nginx");
    }

    @Test
    void what_one_instance_says_anew_is_told_and_nothing_else_is_looked_at() {
        world.up("db", 7);
        world.up("web", 1, 2);
        world.settle();
        world.settle();
        ServiceTargets db = outside("db");
        int writes = world.provider.writes();
        world.put("web", 2, 3, InstanceState.UP, "");
        world.publish();
        world.settle();
        assertThat(details(2).startedAt()).isEqualTo("2026-01-01T00:00:03Z");
        assertThat(details(1).startedAt()).isEqualTo("2026-01-01T00:00:01Z");
        assertThat(world.provider.applied()).last().isInstanceOf(Change.Describe.class);
        assertThat(world.provider.writes()).isEqualTo(writes + 1);
        assertThat(outside("db")).isSameAs(db);
    }

    @Test
    void a_persons_route_is_the_services_and_no_other_setting_treats_it() {
        world.put("web", 1, 1, InstanceState.UP, "", new Route("label.example.com", "", 0));
        world.set("web", "route", "www.example.com");
        world.set("web", "health_url", "/up");
        world.set("web", "https_redirect", "perhaps");
        world.settle();
        assertThat(outside("web").routes()).containsExactly(new Route("www.example.com", "", 0));
        assertThat(outside("web").options()).isEqualTo(ServiceOptions.NONE);
        assertThat(outside("web").about().settings()).containsEntry("health_url", "/up");
        assertThat(world.status.refusals()).isEmpty();
    }

    @Test
    void a_place_that_stands_empty_is_filled_by_no_catalog_that_is_older_than_its_record() {
        world.set("db", "dns_name", "db.example.com");
        world.settle();
        world.up("db", 7);
        world.progress.onWrite(() -> {
            world.progress.onWrite(() -> {});
            // Somebody drains it in this moment and saw no record; the watch has not brought that yet.
            world.unseen(() -> world.is("db", 7, InstanceState.DRAINING, "leaves"));
            world.feed.sourceIsAt(world.revision());
        });
        world.pass();
        assertThat(world.hasRecord("db")).isTrue();
        assertThat(world.balancer("db")).as("its place stands").isEmpty();
        world.pass();
        assertThat(world.hasRecord("db")).isTrue();
        world.publish();
        world.pass();
        assertThat(world.balancer("db")).isEqualTo("db07~");
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
