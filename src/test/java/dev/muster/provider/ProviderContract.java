package dev.muster.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.model.InstanceId;
import dev.muster.model.InstanceState;
import dev.muster.model.Protocol;
import dev.muster.model.Route;
import dev.muster.model.Target;
import dev.muster.plan.Diff;
import dev.muster.plan.Plan;
import dev.muster.plan.ServiceTargets;
import dev.muster.plan.TargetState;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every provider promises, run against the fake and against the real thing. Each test begins with nothing outside. */
public abstract class ProviderContract {

    private static final Target A = new Target("127.0.0.1", 18001);
    private static final Target B = new Target("127.0.0.1", 18002);
    private static final Target C = new Target("127.0.0.1", 18003);

    protected Provider provider;

    /** Another provider on the same outside system, as after a restart of the watcher; the one before has been closed. */
    protected abstract Provider open() throws Exception;

    /** Something that changes with every write to the outside system: a file's time and inode, a count of calls. */
    protected abstract Object writesSoFar() throws Exception;

    /** A person takes this target out of service behind the provider's back. */
    protected abstract void spoilByHand(String service, Target target) throws Exception;

    /** A port for a TCP service of the balancer itself. */
    protected int freePort() throws Exception {
        return 15000;
    }

    /** The service as this provider's binding gives it. */
    protected ServiceTargets asBound(ServiceTargets service) {
        return service;
    }

    @BeforeEach
    void begin() throws Exception {
        provider = open();
    }

    @AfterEach
    void end() throws Exception {
        provider.close();
    }

    protected static TargetState state(String service, String instance, InstanceState state, int weight) {
        return new TargetState(new InstanceId(service, instance), state, weight);
    }

    private static TargetState up(String service, String instance) {
        return state(service, instance, InstanceState.UP, 100);
    }

    private static ServiceTargets http(String service, SortedMap<Target, TargetState> targets, Route... routes) {
        return new ServiceTargets(service, Protocol.HTTP, List.of(routes), targets);
    }

    private static SortedMap<Target, TargetState> targets(Object... pairs) {
        SortedMap<Target, TargetState> targets = new TreeMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            targets.put((Target) pairs[i], (TargetState) pairs[i + 1]);
        }
        return targets;
    }

    private Plan make(ServiceTargets... services) throws ProviderException {
        SortedMap<String, ServiceTargets> desired = new TreeMap<>();
        for (ServiceTargets service : services) {
            desired.put(service.service(), asBound(service));
        }
        Plan plan = Diff.between(desired, provider.actual());
        provider.apply(plan);
        return plan;
    }

    /** Through the eyes of {@link Diff}, to which the order of routes says nothing. */
    private void isAsDesired(Plan plan) throws ProviderException {
        assertThat(Diff.between(plan.desired(), provider.actual()).changes())
                .as("what is left to do after %s", plan.changes())
                .isEmpty();
    }

    private SortedMap<Target, TargetState> targetsOf(String service) throws ProviderException {
        ServiceTargets found = provider.actual().get(service);
        assertThat(found).as(service).isNotNull();
        return Objects.requireNonNull(found).targets();
    }

    @Test
    void begins_with_nothing() throws Exception {
        assertThat(provider.actual()).isEmpty();
    }

    @Test
    void what_is_applied_is_what_is_read() throws Exception {
        isAsDesired(make(
                http("web", targets(A, up("web", "web01"), B, state("web", "web02", InstanceState.DRAINING, 100))),
                http("app", targets(C, state("app", "app01", InstanceState.DOWN, 100)))));
        assertThat(provider.actual()).containsOnlyKeys("app", "web");
        assertThat(targetsOf("web")).containsOnlyKeys(A, B);
    }

    @Test
    void writes_nothing_where_nothing_differs() throws Exception {
        Plan plan = make(http("web", targets(A, up("web", "web01"))));
        Object before = writesSoFar();
        provider.apply(Diff.between(plan.desired(), provider.actual()));
        assertThat(writesSoFar()).isEqualTo(before);

        make(http("web", targets(A, up("web", "web01"), B, up("web", "web02"))));
        assertThat(writesSoFar()).isNotEqualTo(before);
    }

    @Test
    void adds_and_removes_targets() throws Exception {
        make(http("web", targets(A, up("web", "web01"))));
        isAsDesired(make(http("web", targets(A, up("web", "web01"), B, up("web", "web02"), C, up("web", "web03")))));
        isAsDesired(make(http("web", targets(C, up("web", "web03")))));
        assertThat(targetsOf("web")).containsOnlyKeys(C);
    }

    @Test
    void takes_every_state_and_comes_back_from_it() throws Exception {
        for (InstanceState state : InstanceState.values()) {
            isAsDesired(make(http("web", targets(A, up("web", "web01"), B, state("web", "web02", state, 100)))));
            isAsDesired(make(http("web", targets(A, up("web", "web01"), B, up("web", "web02")))));
        }
    }

    @Test
    void keeps_weights_apart_from_states() throws Exception {
        isAsDesired(make(http("web", targets(A, up("web", "web01"), B, state("web", "web02", InstanceState.UP, 7)))));
        isAsDesired(make(http("web", targets(A, up("web", "web01"), B, state("web", "web02", InstanceState.UP, 256)))));
        isAsDesired(make(
                http("web", targets(A, up("web", "web01"), B, state("web", "web02", InstanceState.DRAINING, 256)))));
        isAsDesired(make(http("web", targets(A, state("web", "web01", InstanceState.UP, 0)))));
    }

    @Test
    void another_instance_at_the_same_endpoint_is_seen() throws Exception {
        make(http("web", targets(A, up("web", "web01"))));
        isAsDesired(make(http("web", targets(A, up("web", "web02")))));
    }

    @Test
    void an_instance_moves_to_another_endpoint() throws Exception {
        make(http("web", targets(A, up("web", "web01"), B, up("web", "web02"))));
        isAsDesired(make(http("web", targets(A, up("web", "web01"), C, up("web", "web02")))));
        isAsDesired(make(http("web", targets(A, up("web", "web02"), C, up("web", "web01")))));
    }

    @Test
    void routes_and_protocols_change() throws Exception {
        make(http("web", targets(A, up("web", "web01"))));
        isAsDesired(make(http(
                "web",
                targets(A, up("web", "web01")),
                new Route("www.example.com", "/shop", 0),
                new Route("", "/api", 0))));
        isAsDesired(make(new ServiceTargets(
                "web", Protocol.TCP, List.of(new Route("", "", freePort())), targets(A, up("web", "web01")))));
        isAsDesired(make(new ServiceTargets("web", Protocol.TCP, List.of(), targets(A, up("web", "web01")))));
    }

    @Test
    void drops_a_service_and_leaves_the_others() throws Exception {
        make(http("web", targets(A, up("web", "web01"))), http("app", targets(B, up("app", "app01"))));
        isAsDesired(make(http("app", targets(B, up("app", "app01")))));
        assertThat(provider.actual()).containsOnlyKeys("app");
        isAsDesired(make());
        assertThat(provider.actual()).isEmpty();
    }

    @Test
    void the_next_one_finds_what_the_last_one_made() throws Exception {
        Plan plan =
                make(http("web", targets(A, up("web", "web01"), B, state("web", "web02", InstanceState.DRAINING, 50))));
        provider.close();
        Object before = writesSoFar();
        provider = open();
        isAsDesired(plan);
        provider.apply(Diff.between(plan.desired(), provider.actual()));
        assertThat(writesSoFar()).isEqualTo(before);
    }

    @Test
    void nothing_is_under_way_where_nobody_asked() throws Exception {
        make(http("web", targets(A, up("web", "web01"), B, state("web", "web02", InstanceState.DRAINING, 100))));
        SortedMap<String, SortedSet<Target>> asked =
                new TreeMap<>(Map.of("web", new TreeSet<>(Set.of(B, C)), "never", new TreeSet<>(Set.of(A))));
        SortedMap<String, SortedMap<Target, Integer>> counted = provider.inFlight(asked);
        assertThat(counted)
                .satisfiesAnyOf(
                        none -> assertThat(none).isEmpty(),
                        all -> assertThat(all).isEqualTo(Map.of("web", Map.of(B, 0, C, 0), "never", Map.of(A, 0))));
    }

    @Test
    protected void a_hand_made_change_is_seen_and_repaired() throws Exception {
        Plan plan = make(http("web", targets(A, up("web", "web01"), B, up("web", "web02"))));
        spoilByHand("web", B);
        Plan repair = Diff.between(plan.desired(), provider.actual());
        assertThat(!repair.changes().isEmpty() || provider.disturbed())
                .as("there is something left to do")
                .isTrue();
        provider.apply(repair);
        isAsDesired(plan);
    }
}
