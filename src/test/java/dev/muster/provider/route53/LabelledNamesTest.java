package dev.muster.provider.route53;

import static dev.muster.provider.route53.NamedServices.service;
import static dev.muster.provider.route53.NamedServices.targets;
import static dev.muster.provider.route53.NamedServices.up;
import static dev.muster.provider.route53.NamedServices.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.model.InstanceState;
import dev.muster.plan.ServiceTargets;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Names that no setting asks for, only labels, which go with their containers. */
class LabelledNamesTest {

    private final PlannedZone zone = new PlannedZone();

    private static ServiceTargets labelled(String name, String... addresses) {
        return service(
                "web", targets("web", InstanceState.UP, addresses), "muster.dns.name", name, "muster.dns.ttl", "30");
    }

    @Test
    void a_label_asks_as_a_setting_does_and_a_setting_goes_before_it() throws Exception {
        zone.make(labelled("web.example.com", "203.0.113.5"));
        assertThat(zone.sets("web.example.com", "A").getFirst().ttlSeconds()).isEqualTo(30);
        zone.make(with(labelled("web.example.com", "203.0.113.5"), "dns_ttl", "90"));
        assertThat(zone.sets("web.example.com", "A").getFirst().ttlSeconds()).isEqualTo(90);
    }

    @Test
    void a_record_outlives_the_last_container_that_asked_for_it_and_waits_for_the_next() throws Exception {
        zone.make(labelled("web.example.com", "203.0.113.5"));
        zone.make();
        assertThat(zone.values("web.example.com", "A")).containsExactly("203.0.113.5");
        assertThat(zone.said("web.example.com", "A").targets()).isEmpty();
        assertThat(zone.plan().changes()).isEmpty();
        assertThat(Found.in(List.of(zone.view()), PlannedZone.GROUP))
                .as("services that serve there")
                .isEmpty();

        zone.make(labelled("web.example.com", "203.0.113.6"));
        assertThat(zone.values("web.example.com", "A")).containsExactly("203.0.113.6");
    }

    @Test
    void it_goes_when_its_service_has_another_name_or_somebody_lets_it_go_or_another_service_asks_for_it()
            throws Exception {
        zone.make(labelled("web.example.com", "203.0.113.5"));
        zone.make(labelled("www.example.com", "203.0.113.5"));
        assertThat(zone.sets("web.example.com", "A")).isEmpty();

        zone.make();
        zone.make(service("web", new TreeMap<>(), "dns_keep_last", "false"));
        assertThat(zone.sets("www.example.com", "A")).isEmpty();
        assertThat(zone.values("_muster-a.www.example.com", "TXT")).isEmpty();

        zone.make(labelled("app.example.com", "203.0.113.5"));
        zone.make(up("app", "203.0.113.9"));
        assertThat(zone.values("app.example.com", "A")).containsExactly("203.0.113.9");
        assertThat(zone.said("app.example.com", "A").outlives()).isFalse();
    }

    @Test
    void a_free_name_is_the_one_services_that_has_set_it() throws Exception {
        ServiceTargets person = NamedServices.named("zoo", "web.example.com", "203.0.113.9");
        assertThat(zone.make(labelled("web.example.com", "203.0.113.5"), person).refused())
                .containsOnlyKeys("web");
        assertThat(zone.values("web.example.com", "A")).containsExactly("203.0.113.9");
    }

    @Test
    void one_that_is_not_to_keep_its_last_value_goes_with_its_container() throws Exception {
        zone.make(with(labelled("web.example.com", "203.0.113.5"), "muster.dns.keep_last", "false"));
        zone.make();
        assertThat(zone.sets("web.example.com", "A")).isEmpty();
    }
}
