package dev.muster.provider.route53;

import static dev.muster.provider.route53.NamedServices.all;
import static dev.muster.provider.route53.NamedServices.service;
import static dev.muster.provider.route53.NamedServices.targets;
import static dev.muster.provider.route53.NamedServices.up;
import static dev.muster.provider.route53.NamedServices.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.model.InstanceState;
import dev.muster.model.Target;
import dev.muster.plan.ServiceTargets;
import dev.muster.plan.TargetState;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class KeptNamesTest {

    private static final ServiceTargets GONE = service("web", new TreeMap<>(), "dns_name", "web.example.com");
    private static final ServiceTargets DOWN =
            service("web", targets("web", InstanceState.DOWN, "203.0.113.5"), "dns_name", "web.example.com");
    private static final String STAYS =
            "web.example.com A in Z1 (public) stays as it was last: no instance of web is in service (dns_keep_last)";

    private final PlannedZone zone = new PlannedZone();
    private final KeptNames names = new KeptNames(PlannedZone.GROUP, true);

    private List<String> said(ServiceTargets... asked) {
        return names.observe(List.of(zone.view()), all(asked));
    }

    @Test
    void aNameWhoseLastInstanceIsOutIsSaidToStayOnce() throws Exception {
        zone.make(up("web", "203.0.113.5"));
        assertThat(said(up("web", "203.0.113.5"))).isEmpty();
        zone.make(GONE);
        assertThat(said(GONE)).containsExactly(STAYS);
        assertThat(said(GONE)).isEmpty();
        zone.make(up("web", "203.0.113.6"));
        assertThat(said(up("web", "203.0.113.6"))).isEmpty();
        zone.make(DOWN);
        assertThat(said(DOWN)).as("anew").containsExactly(STAYS);
    }

    @Test
    void whatAPolicyLetsStandIsSaidToo() throws Exception {
        zone.make(up("web", "203.0.113.5"));
        assertThat(said())
                .containsExactly("web.example.com A in Z1 (public) stays as it was last: nobody asks for it any more"
                        + " (--policy upsert-only)");
    }

    @Test
    void whatWaitsForItsTurnToGoIsNotSaidToStay() throws Exception {
        zone.make(up("web", "203.0.113.5"));
        assertThat(new KeptNames(PlannedZone.GROUP, false).observe(List.of(zone.view()), all()))
                .isEmpty();
    }

    @Test
    void aNameOfOneInstanceThatIsDownBesideOthersIsNotSaidToStay() throws Exception {
        ServiceTargets both = with(up("web", "203.0.113.5", "203.0.113.6"), "dns_type", "A,SRV");
        SortedMap<Target, TargetState> targets = new TreeMap<>(both.targets());
        targets.compute(
                targets.firstKey(),
                (first, state) ->
                        new TargetState(Objects.requireNonNull(state).instance(), InstanceState.DOWN, state.weight()));
        ServiceTargets oneDown = both.withTargets(targets);
        zone.make(both);
        zone.make(oneDown);
        assertThat(zone.sets("web01.web.example.com", "A")).isNotEmpty();
        assertThat(said(oneDown)).isEmpty();
    }

    @Test
    void aNameThatLeadsToABalancerNeedsNoInstance() throws Exception {
        ServiceTargets alias = service(
                "web",
                new TreeMap<>(),
                "dns_name",
                "web.example.com",
                "dns_alias",
                "front-1.eu-west-1.elb.amazonaws.com/Z32O12XQLNTSW2");
        zone.make(alias);
        assertThat(zone.sets("web.example.com", "A")).isNotEmpty();
        assertThat(said(alias)).isEmpty();
    }
}
