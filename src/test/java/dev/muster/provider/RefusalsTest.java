package dev.muster.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.model.InstanceId;
import dev.muster.model.InstanceState;
import dev.muster.model.Protocol;
import dev.muster.model.Route;
import dev.muster.model.ServiceOptions;
import dev.muster.model.Target;
import dev.muster.plan.ServiceTargets;
import dev.muster.plan.TargetState;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What was refused is remembered until it is to be otherwise, or a while has passed. */
@Tag("fault-35")
class RefusalsTest {

    private long nanos;
    private final Refusals refusals = new Refusals(true, () -> nanos);

    private static ServiceTargets web(String options, int... ports) {
        SortedMap<Target, TargetState> targets = new TreeMap<>();
        for (int port : ports) {
            targets.put(
                    new Target("10.0.0.1", port),
                    new TargetState(new InstanceId("web", "web" + port), InstanceState.UP, 100));
        }
        Map<String, String> settings = options.isEmpty() ? Map.of() : Map.of("haproxy_options", options);
        return new ServiceTargets(
                "web", Protocol.HTTP, List.of(new Route("www", "", 0)), targets, ServiceOptions.of(settings));
    }

    private static SortedMap<String, ServiceTargets> all(ServiceTargets... services) {
        SortedMap<String, ServiceTargets> all = new TreeMap<>();
        for (ServiceTargets service : services) {
            all.put(service.service(), service);
        }
        return all;
    }

    private void refuse(SortedMap<String, ServiceTargets> wanted, SortedMap<String, ServiceTargets> accepted) {
        refusals.add(wanted, new Isolation.Found(accepted, new TreeMap<>(Map.of("web", "no"))));
    }

    @Test
    void it_stays_as_it_was_with_the_targets_that_it_is_to_have() {
        SortedMap<String, ServiceTargets> wanted = all(web("retries=5", 80));
        refuse(wanted, all(web("retries=1", 80)));
        assertThat(refusals.possible(all(web("retries=5", 80, 81)))).isEqualTo(all(web("retries=1", 80, 81)));
        assertThat(refusals.told().get("web"))
                .hasToString("setting haproxy_options: no (it stays as it was accepted last)");
    }

    @Test
    void it_is_tried_again_once_it_is_to_be_otherwise() {
        SortedMap<String, ServiceTargets> other = all(web("retries=4", 80));
        refuse(all(web("retries=5", 80)), all(web("", 80)));
        assertThat(refusals.possible(other)).isSameAs(other);
        assertThat(refusals.told()).isEmpty();
    }

    @Test
    void it_is_tried_again_after_a_while() {
        SortedMap<String, ServiceTargets> wanted = all(web("retries=5", 80));
        refuse(wanted, all(web("", 80)));
        nanos += Duration.ofSeconds(29).toNanos();
        refusals.begin();
        assertThat(refusals.possible(wanted)).isEqualTo(all(web("", 80)));
        nanos += Duration.ofSeconds(1).toNanos();
        refusals.begin();
        assertThat(refusals.possible(wanted)).isSameAs(wanted);
    }

    @Test
    void one_that_was_never_accepted_is_left_out() {
        SortedMap<String, ServiceTargets> wanted = all(web("retries=5", 80));
        refuse(wanted, all());
        assertThat(refusals.possible(wanted)).isEmpty();
        assertThat(refusals.told().get("web")).hasToString("setting haproxy_options, route: no (it is left out)");
    }

    @Test
    void one_that_may_not_leave_stays_without_targets() {
        refuse(all(), all(web("", 80)));
        assertThat(refusals.possible(all())).isEqualTo(all(web("")));
    }

    @Test
    void targets_that_were_not_taken_are_tried_at_the_next_look() {
        SortedMap<String, ServiceTargets> wanted = all(web("", 80, 81));
        refusals.addTargets(Optional.of(web("", 80, 81)), web("", 80), "no");
        assertThat(refusals.possible(wanted)).isEqualTo(all(web("", 80)));
        refusals.begin();
        assertThat(refusals.possible(wanted)).isSameAs(wanted);
    }
}
