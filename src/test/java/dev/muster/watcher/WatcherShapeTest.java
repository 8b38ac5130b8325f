package dev.muster.watcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.model.InstanceState;
import dev.muster.model.Route;
import dev.muster.model.ServerTls;
import dev.muster.model.ServiceOptions;
import dev.muster.plan.ServiceTargets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Routes and options reach the balancer, from labels, other hosts' containers and people. */
class WatcherShapeTest {

    private static final Route WWW = new Route("www.example.com", "", 0);
    private static final Route API = new Route("", "/api", 0);

    private final World world = new World();

    private ServiceTargets there(String service) {
        return Objects.requireNonNull(world.outside.get(service), service);
    }

    private List<Route> routes(String service) {
        return there(service).routes();
    }

    private void put(String service, int number, int run, Route... routes) {
        world.put(service, number, run, InstanceState.UP, "", routes);
        world.publish();
    }

    @Test
    void routes_of_other_hosts_containers_count_beside_labels_and_a_persons_beat_both() {
        put("web", 1, 1, WWW);
        world.routes("web", "lb1", API);
        world.settle();
        assertThat(routes("web")).containsExactlyInAnyOrder(WWW, API);
        world.set("web", "route", "shop.example.com");
        world.settle();
        assertThat(routes("web")).containsExactly(new Route("shop.example.com", "", 0));
        world.set("web", "route", null);
        world.settle();
        assertThat(routes("web")).containsExactlyInAnyOrder(WWW, API);
    }

    @Test
    void what_is_set_goes_with_a_lost_registry_only_once_it_had_the_time_to_be_filled_again() {
        put("web", 1, 1, API);
        world.set("web", "route", "www.example.com");
        world.set("web", "server_tls", "verify");
        world.settle();
        ServiceTargets set = there("web");
        assertThat(set.options().serverTls()).isEqualTo(ServerTls.VERIFY);
        world.loseSettings();
        world.unsettledFor(Duration.ofSeconds(30));
        world.settle();
        assertThat(there("web")).isEqualTo(set);
        world.after(Duration.ofSeconds(31));
        world.publish();
        world.settle();
        assertThat(there("web").options()).isEqualTo(ServiceOptions.NONE);
        assertThat(routes("web")).containsExactly(API);
    }

    @Test
    void of_two_that_claim_one_route_the_older_keeps_it_over_deployments_and_restarts() {
        put("web", 1, 1, WWW);
        put("shop", 2, 2, WWW, API);
        world.settle();
        assertThat(routes("web")).containsExactly(WWW);
        assertThat(routes("shop")).containsExactly(API);
        assertThat(world.status.refusals())
                .containsExactly("shop does not get the route www.example.com, which web has");
        assertThat(world.metrics.routes).isEqualTo(1);

        put("web", 3, 30, WWW);
        world.goodbye("web", 1);
        world.settle();
        assertThat(routes("web")).as("its instances are all younger now").containsExactly(WWW);
        world.restart();
        world.settle();
        assertThat(routes("web")).as("after a restart").containsExactly(WWW);
        assertThat(world.status.refusals()).hasSize(1);
        int writes = world.provider.writes();
        world.after(Duration.ofMinutes(3));
        world.settle();
        assertThat(world.provider.writes()).as("converged").isEqualTo(writes);

        world.sayGoodbye("web", 3, 30);
        world.publish();
        world.settle();
        assertThat(routes("shop")).containsExactlyInAnyOrder(WWW, API);
        assertThat(world.status.refusals()).isEmpty();
        assertThat(world.metrics.routes).isZero();
    }

    @Test
    void whoever_stands_there_with_a_route_by_now_keeps_it_although_nothing_else_has_changed() {
        put("web", 1, 1, WWW);
        put("shop", 2, 2, WWW);
        world.settle();
        world.settle();
        assertThat(routes("web")).containsExactly(WWW);
        world.outside.put("web", there("web").withRoutes(List.of()));
        world.outside.put("shop", there("shop").withRoutes(List.of(WWW)));
        world.settle();
        assertThat(routes("shop")).containsExactly(WWW);
        assertThat(routes("web")).isEmpty();
    }

    @Test
    void settings_take_effect_and_a_bad_one_changes_nothing_and_is_counted() {
        world.up("web", 1);
        world.settle();
        world.set("web", "health_url", "up.php");
        world.settle();
        assertThat(there("web").options().healthPath()).isEqualTo("/up.php");
        world.set("web", "health_url", "up php");
        world.settle();
        assertThat(there("web").options().healthPath()).isEqualTo("/up.php");
        assertThat(world.metrics.settings).isEqualTo(1);
        assertThat(world.status.refusals())
                .singleElement()
                .asString()
                .startsWith("setting web/health_url is not taken: health_url 'up php': allowed is a path");
        world.set("web", "health_url", null);
        world.settle();
        assertThat(there("web").options().healthPath()).isEmpty();
        assertThat(world.metrics.settings).isZero();
    }
}
