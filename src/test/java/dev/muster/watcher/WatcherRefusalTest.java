package dev.muster.watcher;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.model.InstanceState;
import dev.muster.model.Route;
import dev.muster.model.ServerTls;
import dev.muster.plan.Refusal;
import dev.muster.plan.ServiceTargets;
import dev.muster.registry.Applied;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a balancer does not take of one service is told by its record, and keeps no other service's waiting. */
@Tag("fault-35")
class WatcherRefusalTest {

    private static final Refusal IN_VAIN =
            new Refusal("setting server_tls", "it does not like it (it stays as it was accepted last)");

    private final World world = new World();

    private void refuseTls() {
        world.provider.refuse(service -> service.options().serverTls() != ServerTls.OFF);
    }

    private ServerTls tls(String service) {
        ServiceTargets there = world.outside.get(service);
        return there == null ? ServerTls.OFF : there.options().serverTls();
    }

    @Test
    void a_service_that_is_refused_stays_as_it_was_and_the_others_follow() {
        world.up("web", 1);
        world.up("app", 2);
        world.settle();
        refuseTls();
        world.set("web", "server_tls", "verify");
        world.set("app", "haproxy_options", "retries=2");
        world.up("web", 3);
        world.settle();

        assertThat(tls("web")).isEqualTo(ServerTls.OFF);
        assertThat(world.balancer("web")).as("its targets follow").isEqualTo("web01 web03");
        assertThat(requireNonNull(world.outside.get("app")).options().settings())
                .containsEntry("haproxy_options", "retries=2");
        assertThat(world.record("web").refused()).containsExactly(IN_VAIN);
        assertThat(world.record("web").revision()).isEqualTo(world.revision());
        assertThat(world.record("app").refused()).isEmpty();
        assertThat(world.metrics.refused).isEqualTo(1);
        assertThat(world.metrics.failures).isZero();
        assertThat(world.status.notReady()).isEmpty();
        assertThat(world.status.refusals()).containsExactly("service web is not taken as it is to be, " + IN_VAIN);

        Applied record = world.record("web");
        int writes = world.provider.writes();
        world.after(Duration.ofSeconds(10));
        world.settle();
        assertThat(world.record("web")).as("nothing new is told").isEqualTo(record);
        assertThat(world.provider.writes()).as("and nothing tried").isEqualTo(writes);

        world.set("web", "server_tls", "off");
        world.settle();
        assertThat(world.record("web").refused()).isEmpty();
        assertThat(world.metrics.refused).isZero();
        assertThat(world.status.refusals()).isEmpty();
    }

    @Test
    void a_service_that_was_never_accepted_is_left_out_and_nobody_holds_what_is_not_there() {
        refuseTls();
        world.set("web", "server_tls", "verify");
        world.up("web", 1);
        world.up("app", 2);
        world.settle();
        assertThat(world.balancer("web")).isEqualTo("none");
        assertThat(world.balancer("app")).isEqualTo("app02");
        assertThat(world.record("web").targets()).isEmpty();
        assertThat(world.record("web").revision()).isEqualTo(world.revision() - 1);
        assertThat(world.record("web").refused())
                .containsExactly(new Refusal("setting server_tls", "it does not like it (it is left out)"));

        world.expire("web", 1);
        world.settle();
        assertThat(world.hasRecord("web")).isFalse();
        assertThat(world.status.holds()).isEmpty();

        world.up("web", 1);
        world.set("web", "server_tls", null);
        world.settle();
        assertThat(world.balancer("web")).isEqualTo("web01");
        assertThat(world.record("web").refused()).isEmpty();
    }

    @Test
    void a_service_that_is_refused_whole_is_still_known_as_it_was_and_followed_once_it_is_taken() {
        world.up("web", 1, 2);
        world.up("app", 3);
        world.settle();
        world.provider.refuseWhole(service -> service.service().equals("web"));
        world.goodbye("web", 2);
        world.up("app", 4);
        world.settle();
        assertThat(world.balancer("web")).isEqualTo("web01 web02");
        assertThat(world.balancer("app")).isEqualTo("app03 app04");
        assertThat(world.record("web").targets()).hasSize(2);
        assertThat(world.record("web").refused())
                .containsExactly(new Refusal("service", "it does not like it (it stays as it was accepted last)"));
        assertThat(world.record("app").targets()).hasSize(2);

        world.provider.refuseWhole(none -> false);
        world.settle();
        assertThat(world.balancer("web")).isEqualTo("web01");
        assertThat(world.record("web").targets()).hasSize(1);
        assertThat(world.record("web").refused()).isEmpty();
        assertThat(world.status.refusals()).isEmpty();
    }

    @Test
    void a_new_service_that_is_refused_is_in_force_as_soon_as_it_is_taken_though_nothing_of_it_has_changed() {
        world.provider.refuseWhole(any -> true);
        world.up("web", 1);
        world.settle();
        assertThat(world.balancer("web")).isEqualTo("none");
        assertThat(world.record("web").targets()).isEmpty();
        world.provider.refuseWhole(none -> false);
        world.settle();
        assertThat(world.balancer("web")).isEqualTo("web01");
        assertThat(world.record("web").targets()).hasSize(1);
        assertThat(world.record("web").refused()).isEmpty();
    }

    @Test
    void lost_routes_and_bad_settings_stand_in_the_record_and_are_written_only_as_they_change() {
        Route www = new Route("www.example.com", "", 0);
        world.put("web", 1, 1, InstanceState.UP, "", www);
        world.put("shop", 2, 2, InstanceState.UP, "", www);
        world.set("shop", "server_tls", "always");
        world.settle();
        assertThat(world.record("web").refused()).isEmpty();
        List<Refusal> refused = world.record("shop").refused();
        assertThat(refused).extracting(Refusal::what).containsExactly("setting server_tls", "route www.example.com");
        assertThat(refused.getLast().why()).isEqualTo("web has it");
        Applied record = world.record("shop");
        world.after(Duration.ofSeconds(10));
        world.settle();
        assertThat(world.record("shop")).isEqualTo(record);

        world.set("shop", "server_tls", null);
        world.settle();
        assertThat(world.record("shop").refused()).extracting(Refusal::what).containsExactly("route www.example.com");

        world.sayGoodbye("web", 1, 1);
        world.publish();
        world.settle();
        assertThat(world.record("shop").refused())
                .as("though nothing of shop has changed")
                .isEmpty();
    }

    @Test
    void very_many_are_told_by_their_number() {
        Route[] routes = new Route[20];
        for (int i = 0; i < routes.length; i++) {
            routes[i] = new Route("r%02d.example.com".formatted(i), "", 0);
        }
        world.put("web", 1, 1, InstanceState.UP, "", routes);
        world.put("shop", 2, 2, InstanceState.UP, "", routes);
        world.publish();
        world.settle();
        assertThat(world.record("shop").refused()).hasSize(8).last().hasToString("others: 13 more");
    }
}
