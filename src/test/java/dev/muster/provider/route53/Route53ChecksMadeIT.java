package dev.muster.provider.route53;

import static dev.muster.provider.route53.ChecksScene.checked;
import static dev.muster.provider.route53.ChecksScene.first;
import static dev.muster.provider.route53.NamedServices.all;
import static dev.muster.provider.route53.NamedServices.two;
import static dev.muster.provider.route53.NamedServices.up;
import static dev.muster.provider.route53.NamedServices.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.model.Target;
import dev.muster.plan.About;
import dev.muster.plan.Details;
import dev.muster.plan.Diff;
import dev.muster.plan.Effect;
import dev.muster.plan.ServiceTargets;
import dev.muster.provider.FakeLeadership;
import dev.muster.provider.ProviderException;
import dev.muster.provider.route53.FakeRoute53.Fate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.route53.model.HealthCheckConfig;

/** Health checks that are made for instances, over the wire. */
class Route53ChecksMadeIT {

    private final ChecksScene scene = new ChecksScene();

    @AfterEach
    void stop() {
        scene.close();
    }

    private void isAsAsked() {
        assertThat(scene.named()).containsExactlyElementsOf(scene.ids()).doesNotContain("");
        assertThat(scene.provider.disturbed()).isFalse();
    }

    private static ServiceTargets labelled(ServiceTargets service, String address, String check) {
        TreeMap<Target, Details> details = new TreeMap<>(service.about().details());
        details.replaceAll((target, known) -> target.address().equals(address)
                ? Details.ofAttributes(Map.of("muster.dns.health_check", check))
                : known);
        return service.withAbout(new About(service.about().settings(), details));
    }

    @Test
    void each_instance_has_a_check_of_its_own_which_is_there_before_its_record() throws Exception {
        scene.pass(checked("http:8080/health?deep=1"));
        isAsAsked();
        assertThat(scene.checks())
                .extracting(check -> check.config().toBuilder().ipAddress("").build())
                .containsOnly(HealthCheckConfig.builder()
                        .type("HTTP")
                        .ipAddress("")
                        .port(8080)
                        .resourcePath("/health?deep=1")
                        .fullyQualifiedDomainName("web.example.com")
                        .requestInterval(30)
                        .failureThreshold(3)
                        .build());
        assertThat(scene.checks())
                .extracting(check -> check.config().ipAddress())
                .containsExactly("203.0.113.5", "203.0.113.6");
        assertThat(scene.references()).allMatch(text -> text.matches("muster:route53:Z0123456789:[0-9a-f]{8}:1\\.0"));
        List<String> calls = scene.route53.calls();
        assertThat(calls.lastIndexOf("CreateHealthCheck"))
                .isLessThan(calls.indexOf("ChangeResourceRecordSets " + ChecksScene.ZONE));
    }

    @Test
    void without_a_port_it_asks_that_of_the_instance_and_tcp_asks_for_no_name() throws Exception {
        scene.pass(checked("tcp"));
        isAsAsked();
        assertThat(scene.checks()).extracting(check -> check.config().port()).containsExactly(18001, 18002);
        assertThat(scene.checks()).allMatch(check -> check.config().fullyQualifiedDomainName() == null);
    }

    @Test
    void an_instances_label_says_it_of_its_own_record_and_a_setting_beats_it() throws Exception {
        ServiceTargets own = labelled(two("web", "dns_routing", "multivalue"), "203.0.113.6", "https/up");
        scene.pass(own);
        assertThat(scene.named()).hasSize(2).startsWith("").endsWith(scene.ids().getFirst());
        assertThat(scene.checks().getFirst().config().enableSNI()).isTrue();
        scene.pass(with(own, "dns_health_check", "none"));
        assertThat(scene.named()).containsOnly("");
    }

    @Test
    void what_is_there_is_found_and_nothing_is_made_twice() throws Exception {
        scene.pass(checked("tcp"));
        try (Route53Provider successor = scene.open(new FakeLeadership("route53", 2))) {
            ChecksScene.pass(successor, checked("tcp"));
            assertThat(successor.disturbed()).isFalse();
        }
        assertThat(scene.calls("CreateHealthCheck")).isEqualTo(2);
        isAsAsked();
    }

    @Test
    void more_than_a_page_of_them_are_read_whole() throws Exception {
        for (int n = 0; n < 150; n++) {
            scene.route53.healthChecks().put("0000-%03d".formatted(n));
        }
        scene.pass(checked("tcp"));
        try (Route53Provider successor = scene.open(new FakeLeadership("route53", 2))) {
            ChecksScene.pass(successor, checked("tcp"));
        }
        assertThat(scene.calls("CreateHealthCheck")).isEqualTo(2);
        assertThat(scene.calls("ListHealthChecks")).isEqualTo(4);
        assertThat(scene.checks()).hasSize(152);
    }

    @Test
    void what_a_person_makes_of_its_pace_stays_and_what_it_asks_is_put_right() throws Exception {
        scene.pass(first("tcp"));
        FakeHealthChecks.Check made = scene.checks().getFirst();
        HealthCheckConfig often = made.config().toBuilder().failureThreshold(5).build();
        scene.route53.healthChecks().put(made.id(), made.reference(), often);
        scene.later(ChecksScene.REREAD);
        scene.pass(first("tcp"));
        isAsAsked();
        scene.route53
                .healthChecks()
                .put(made.id(), made.reference(), often.toBuilder().port(1).build());
        scene.later(ChecksScene.REREAD);
        scene.pass(first("tcp"));
        assertThat(scene.named()).hasSize(1).doesNotContain(made.id());
    }

    @Test
    void one_that_a_person_deletes_is_made_anew_under_another_reference() throws Exception {
        scene.pass(first("tcp"));
        scene.route53.healthChecks().remove(scene.ids().getFirst());
        scene.later(ChecksScene.REREAD);
        scene.pass(first("tcp"));
        isAsAsked();
        assertThat(scene.references()).allMatch(reference -> reference.endsWith(":1.1"));
    }

    @ParameterizedTest
    @Tag("fault-34")
    @EnumSource(
            value = Fate.class,
            names = {"UNANSWERED", "FAILED_AFTER"})
    void one_that_was_made_without_an_answer_is_found_by_reading(Fate fate) throws Exception {
        scene.route53.next("CreateHealthCheck", fate);
        assertThatThrownBy(() -> scene.pass(first("tcp"))).isInstanceOf(ProviderException.class);
        assertThat(scene.sets()).as("no record without its check").isEmpty();
        scene.pass(first("tcp"));
        isAsAsked();
        assertThat(scene.calls("CreateHealthCheck")).isEqualTo(1);
        assertThat(scene.checks()).hasSize(1);
    }

    @Test
    @Tag("fault-34")
    void one_whose_call_is_late_is_the_one_that_is_made_meanwhile() throws Exception {
        scene.route53.next("CreateHealthCheck", Fate.LATE);
        assertThatThrownBy(() -> scene.pass(first("tcp"))).isInstanceOf(ProviderException.class);
        scene.pass(first("tcp"));
        scene.route53.letGo();
        scene.later(ChecksScene.REREAD);
        scene.pass(first("tcp"));
        isAsAsked();
        assertThat(scene.checks()).hasSize(1);
    }

    @ParameterizedTest
    @Tag("fault-34")
    @EnumSource(
            value = Fate.class,
            names = {"THROTTLED", "FAILED", "UNAVAILABLE"})
    void a_call_that_was_not_done_is_made_again_and_keeps_nobody_else_waiting(Fate fate) throws Exception {
        for (int n = 0; n < 7; n++) {
            scene.route53.next("CreateHealthCheck", fate);
        }
        ServiceTargets app = up("app", "203.0.113.9");
        assertThatThrownBy(() -> scene.pass(first("tcp"), app)).isInstanceOf(ProviderException.class);
        assertThat(scene.route53.sets(ChecksScene.ZONE))
                .anyMatch(set -> set.values().contains("203.0.113.9"));
        for (int n = 0; scene.sets().isEmpty() && n < 7; n++) {
            try {
                scene.pass(first("tcp"), app);
            } catch (ProviderException again) {
                assertThat(fate).isEqualTo(Fate.FAILED); // each of which might have been done
            }
        }
        isAsAsked();
    }

    @Test
    @Tag("fault-34")
    void one_that_fails_again_and_again_is_waited_for_by_its_service_alone() throws Exception {
        int failures = 0;
        while (failures < 2) {
            scene.route53.next("CreateHealthCheck", Fate.FAILED);
            try {
                scene.pass(first("tcp"));
            } catch (ProviderException e) {
                failures++;
            }
        }
        ServiceTargets app = up("app", "203.0.113.9");
        scene.pass(first("tcp"), app);
        assertThat(scene.route53.sets(ChecksScene.ZONE))
                .as("all is in step")
                .anyMatch(set -> set.values().contains("203.0.113.9"));
        assertThat(scene.refused(first("tcp"), app))
                .contains("dns_health_check: CreateHealthCheck: ")
                .doesNotContain("app");
        long calls = scene.calls("CreateHealthCheck");
        scene.pass(first("tcp"), app);
        assertThat(scene.calls("CreateHealthCheck")).as("not at once").isEqualTo(calls);
        scene.later(Duration.ofSeconds(5));
        scene.pass(first("tcp"), app);
        isAsAsked();
    }

    @Test
    @Tag("fault-35")
    void while_there_is_no_room_for_one_its_service_stays_as_it_is_alone_and_is_told() throws Exception {
        ServiceTargets web = up("web", "203.0.113.5");
        ServiceTargets app = up("app", "203.0.113.9");
        scene.pass(web);
        scene.route53.healthChecks().most(1);
        scene.pass(checked("tcp"), app);
        assertThat(scene.addresses()).containsExactly("203.0.113.5");
        assertThat(scene.route53.sets(ChecksScene.ZONE))
                .anyMatch(set -> set.values().contains("203.0.113.9"));
        assertThat(scene.refused(checked("tcp"), app))
                .contains("dns_health_check: CreateHealthCheck: TooManyHealthChecks")
                .doesNotContain("app");
        long calls = scene.calls("CreateHealthCheck");
        scene.pass(checked("tcp"), app);
        assertThat(scene.calls("CreateHealthCheck")).as("not at once again").isEqualTo(calls);

        scene.route53.healthChecks().most(2);
        scene.later(ChecksScene.REREAD);
        scene.pass(checked("tcp"), app);
        isAsAsked();
        assertThat(scene.refused(checked("tcp"), app)).isEqualTo("{}");
    }

    @Test
    @Tag("fault-36")
    void whoever_may_not_read_them_is_told_and_the_others_go_on() throws Exception {
        scene.route53.next("ListHealthChecks", Fate.DENIED);
        scene.pass(up("app", "203.0.113.9"));
        assertThat(scene.refused(up("app", "203.0.113.9"))).isEqualTo("{}");
        scene.later(ChecksScene.REREAD);
        scene.route53.next("ListHealthChecks", Fate.DENIED);
        scene.pass(first("tcp"), up("app", "203.0.113.8"));
        assertThat(scene.sets()).isEmpty();
        assertThat(scene.route53.sets(ChecksScene.ZONE))
                .anyMatch(set -> set.values().contains("203.0.113.8"));
        assertThat(scene.refused(first("tcp"), up("app", "203.0.113.8")))
                .contains("dns_health_check: ListHealthChecks: AccessDenied");
        scene.later(ChecksScene.REREAD);
        scene.pass(first("tcp"), up("app", "203.0.113.8"));
        isAsAsked();
    }

    @ParameterizedTest
    @Tag("fault-35")
    @ValueSource(
            strings = {
                "10.1.2.3",
                "127.0.0.1",
                "169.254.1.1",
                "100.64.0.1",
                "224.0.0.1",
                "0.0.0.1",
                "fd00::1",
                "fe80::1"
            })
    void an_address_that_no_checker_reaches_changes_nothing_and_is_told_without_a_call(String address)
            throws Exception {
        scene.pass(up("web", "203.0.113.5"));
        ServiceTargets web = with(up("web", address), "dns_routing", "weighted", "dns_health_check", "tcp");
        scene.pass(web);
        assertThat(scene.refused(web))
                .contains("dns_health_check 'tcp': Route 53's health checkers do not reach " + address);
        assertThat(scene.addresses()).containsExactly("203.0.113.5");
        assertThat(scene.calls("CreateHealthCheck")).isZero();
    }

    @Test
    @Tag("fault-30")
    void whoever_does_not_lead_long_enough_makes_none() throws Exception {
        scene.leader.left(Duration.ofSeconds(1));
        assertThatThrownBy(() -> scene.pass(first("tcp"))).isInstanceOf(ProviderException.class);
        assertThat(scene.calls("CreateHealthCheck")).isZero();
    }

    @Test
    void what_would_be_done_is_told_and_nothing_is_done() throws Exception {
        var asked = all(first("http/health"));
        var actual = scene.provider.actual();
        List<Effect> effects = scene.provider.effects(Diff.between(scene.provider.possible(asked), actual));
        assertThat(effects)
                .extracting(Effect::what)
                .containsExactly(
                        "web.example.com A 'muster:route53:web01' 60 203.0.113.5 weighted 100 with a health check",
                        "health check http 203.0.113.5:18001/health as web.example.com");
        assertThat(scene.checks()).isEmpty();
        scene.pass(first("http/health"));
        scene.pass(with(first("http/health"), "dns_health_check", "none"));
        scene.provider.look();
        effects = scene.provider.effects(
                Diff.between(all(with(first("http/health"), "dns_health_check", "none")), scene.provider.look()));
        assertThat(effects)
                .singleElement()
                .hasToString("Effect[kind=REMOVE, service=-, what=health check "
                        + scene.ids().getFirst()
                        + " http 203.0.113.5:18001/health as web.example.com, which no record of ours names]");
    }

    @Test
    void they_are_read_as_often_as_the_zones_and_only_while_somebody_has_some_or_wants_some() throws Exception {
        scene.pass(up("web", "203.0.113.5"));
        assertThat(scene.calls("ListHealthChecks"))
                .as("what an earlier leader may have left")
                .isEqualTo(1);
        scene.later(ChecksScene.REREAD.multipliedBy(10), scene.provider, up("web", "203.0.113.5"));
        assertThat(scene.calls("ListHealthChecks")).isEqualTo(1);
        scene.pass(first("tcp"));
        long before = scene.calls("ListHealthChecks");
        long readings = scene.calls("ListHostedZones");
        scene.later(ChecksScene.REREAD.multipliedBy(10), scene.provider, first("tcp"));
        assertThat(scene.calls("ListHealthChecks") - before)
                .isEqualTo(scene.calls("ListHostedZones") - readings)
                .isEqualTo(10);
        assertThat(scene.calls("CreateHealthCheck")).isEqualTo(1);
    }
}
