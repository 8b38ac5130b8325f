package dev.muster.watcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.model.Catalog;
import dev.muster.model.InstanceState;
import dev.muster.model.PersistentMap;
import dev.muster.model.Protocol;
import dev.muster.model.Route;
import java.util.List;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class DesiredTargetsTest {

    private static final Route A = new Route("a.example.com", "", 0);
    private static final Route B = new Route("", "/b", 0);

    private final World world = new World();

    private PersistentMap<String, DesiredTargets> desired() {
        world.publish();
        return desired(World.PROVIDER);
    }

    private PersistentMap<String, DesiredTargets> desired(String provider) {
        return binding(provider).desired(world.feed.view().orElseThrow().catalog());
    }

    private static Binding binding(String provider) {
        return new Bindings(Ambassadors.NONE).of(provider);
    }

    @Test
    void takes_all_routes_of_a_service_once_and_in_a_fixed_order() {
        world.put("web", 1, 1, InstanceState.UP, "", B, A);
        world.put("web", 2, 1, InstanceState.UP, "", A);
        assertThat(desired())
                .hasEntrySatisfying("web", web -> assertThat(web.routes()).containsExactly(B, A));
    }

    @Test
    void speaks_what_most_instances_speak_and_http_where_it_is_even() {
        world.put("web", 1, 1, InstanceState.UP, "", Protocol.TCP);
        world.put("web", 2, 1, InstanceState.UP, "", Protocol.HTTP);
        assertThat(desired())
                .hasEntrySatisfying("web", web -> assertThat(web.protocol()).isEqualTo(Protocol.HTTP));
        world.put("web", 3, 1, InstanceState.UP, "", Protocol.TCP);
        assertThat(desired())
                .hasEntrySatisfying("web", web -> assertThat(web.protocol()).isEqualTo(Protocol.TCP));
    }

    @Test
    void leaves_out_what_is_bound_to_no_such_provider() {
        world.put("dns", 1, 1, InstanceState.UP, "", Protocol.UDP);
        world.put("web", 2, 1, InstanceState.UP, "");
        assertThat(desired()).containsOnlyKeys("web");
    }

    @Test
    void what_changed_alone_is_worked_out_anew() {
        world.put("web", 1, 1, InstanceState.UP, "");
        world.put("db", 2, 1, InstanceState.UP, "");
        world.put("old", 3, 1, InstanceState.UP, "");
        PersistentMap<String, DesiredTargets> before = desired();
        Catalog earlier = world.feed.view().orElseThrow().catalog();
        world.put("web", 1, 1, InstanceState.DOWN, "check");
        world.put("new", 4, 1, InstanceState.UP, "");
        world.expire("old", 3);
        SortedMap<String, DesiredTargets> desired = desired();
        Catalog catalog = world.feed.view().orElseThrow().catalog();

        SortedMap<String, DesiredTargets> after =
                binding(World.PROVIDER).desired(catalog, earlier, before, catalog.changedSince(earlier));
        assertThat(after).isEqualTo(desired).containsOnlyKeys("web", "db", "new");
        assertThat(after.get("db")).isSameAs(before.get("db"));
    }

    @Test
    void one_change_after_another_comes_to_the_same_as_all_of_them() {
        RandomGenerator random = new SplittableRandom(3);
        PersistentMap<String, DesiredTargets> desired = desired();
        Catalog earlier = world.feed.view().orElseThrow().catalog();
        for (int i = 0; i < 20_000; i++) {
            int number = random.nextInt(6);
            int run = 1 + random.nextInt(2);
            InstanceState state = List.of(InstanceState.values()).get(random.nextInt(3));
            Protocol protocol = random.nextInt(8) == 0 ? Protocol.TCP : Protocol.HTTP;
            switch (random.nextInt(12)) {
                case 0 -> world.expire("web", number);
                case 1 -> world.claim("web", "twin", number, run);
                case 2 -> world.routes("web", "lb1", random.nextBoolean() ? new Route[] {A} : new Route[0]);
                case 3 -> world.put("web", number, run, state, "", protocol, A);
                default -> world.put("web", number, 1, state, state == InstanceState.UP ? "" : "check", protocol);
            }
            PersistentMap<String, DesiredTargets> whole = desired();
            Catalog catalog = world.feed.view().orElseThrow().catalog();
            desired = binding(World.PROVIDER).desired(catalog, earlier, desired, catalog.changedSince(earlier));
            assertThat(desired).isEqualTo(whole);
            earlier = catalog;
        }
    }

    @Test
    void of_two_at_one_endpoint_the_later_started_has_it() {
        world.put("web", 1, 9, InstanceState.UP, "");
        world.claim("web", "twin", 1, 8);
        assertThat(desired())
                .hasEntrySatisfying(
                        "web",
                        web -> assertThat(web.targets())
                                .hasEntrySatisfying(
                                        World.target(1),
                                        one -> assertThat(one.as().instance()).isEqualTo(World.id("web", 1))));
        world.claim("web", "twin", 1, 10);
        assertThat(desired())
                .hasEntrySatisfying(
                        "web",
                        web -> assertThat(web.targets())
                                .hasEntrySatisfying(
                                        World.target(1),
                                        one -> assertThat(one.as().instance().instance())
                                                .isEqualTo("twin")));
    }
}
