package dev.muster.provider.route53;

import static dev.muster.provider.route53.ChecksScene.checked;
import static dev.muster.provider.route53.ChecksScene.first;
import static dev.muster.provider.route53.NamedServices.up;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.muster.provider.FakeLeadership;
import dev.muster.provider.ProviderException;
import dev.muster.provider.route53.FakeRoute53.Fate;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.route53.model.HealthCheckConfig;

/** Health checks that nothing names any more, over the wire. */
class Route53ChecksLetGoIT {

    private static final Duration AFTERWARDS = HealthChecks.GRACE.plus(ChecksScene.REREAD);

    private final ChecksScene scene = new ChecksScene();

    @AfterEach
    void stop() {
        scene.close();
    }

    @Test
    void one_goes_long_after_the_last_record_that_named_it_behind_a_fence_and_a_look() throws Exception {
        scene.pass(checked("tcp"));
        scene.pass(first("tcp"));
        scene.later(HealthChecks.GRACE.minus(ChecksScene.REREAD), scene.provider, first("tcp"));
        assertThat(scene.checks()).hasSize(2);
        int before = scene.route53.calls().size();
        scene.later(ChecksScene.REREAD.multipliedBy(2), scene.provider, first("tcp"));
        assertThat(scene.ids()).isEqualTo(scene.named()).hasSize(1);
        List<String> calls =
                scene.route53.calls().subList(before, scene.route53.calls().size());
        int fence = calls.indexOf("ChangeResourceRecordSets " + ChecksScene.ZONE);
        int gone = calls.indexOf(calls.stream()
                .filter(call -> call.startsWith("DeleteHealthCheck"))
                .findFirst()
                .orElseThrow());
        assertThat(calls.subList(fence, gone)).contains("ListResourceRecordSets " + ChecksScene.ZONE);
        scene.later(AFTERWARDS, scene.provider, first("tcp"));
        assertThat(scene.calls("DeleteHealthCheck")).isEqualTo(1);
    }

    @Test
    void all_go_when_nobody_asks_any_more_and_then_they_are_not_read_again() throws Exception {
        scene.pass(checked("tcp"));
        scene.pass();
        scene.later(AFTERWARDS, scene.provider);
        assertThat(scene.checks()).isEmpty();
        scene.later(ChecksScene.REREAD.multipliedBy(2), scene.provider);
        long before = scene.calls("ListHealthChecks");
        scene.later(ChecksScene.REREAD.multipliedBy(5), scene.provider);
        assertThat(scene.calls("ListHealthChecks")).isEqualTo(before);
    }

    @Test
    @Tag("fault-38")
    void what_is_somebody_elses_stays() throws Exception {
        HealthCheckConfig same = HealthCheckConfig.builder()
                .type("TCP")
                .ipAddress("203.0.113.5")
                .port(18001)
                .build();
        scene.route53.healthChecks().put("a", "a-person's", same);
        scene.route53.healthChecks().put("b", "muster:0a1b2c3d:Z0123456789:00000000:1.0", same);
        scene.route53.healthChecks().put("c", "muster:route53:Z9999999999:00000000:1.0", same);
        scene.route53.healthChecks().put("d", "muster:route53:Z0123456789:00000000:1.0", same);
        scene.pass(up("web", "203.0.113.5"));
        scene.later(AFTERWARDS, scene.provider, up("web", "203.0.113.5"));
        assertThat(scene.ids())
                .as("another zone is not read, and c may be named there")
                .containsExactly("a", "b", "c");
    }

    @Test
    @Tag("fault-38")
    void one_that_a_person_has_put_on_a_record_meanwhile_stays() throws Exception {
        scene.pass(first("tcp"));
        String check = scene.ids().getFirst();
        scene.pass(first("none"));
        scene.later(HealthChecks.GRACE.minus(ChecksScene.REREAD), scene.provider, first("none"));
        scene.later(ChecksScene.REREAD.minusSeconds(1));
        scene.pass(first("none"));
        RecordSet theirs = new RecordSet(
                new DnsName("other.example.com"),
                "A",
                "theirs",
                60,
                List.of("198.51.100.1"),
                Routing.weighted(1).with(check));
        scene.route53.zone(ChecksScene.ZONE, "example.com", false).put(theirs);
        scene.later(ChecksScene.REREAD.multipliedBy(3), scene.provider, first("none"));
        assertThat(scene.ids()).containsExactly(check);
    }

    /** The zones are known from before: only the look behind the fence tells. */
    @Test
    @Tag("fault-38")
    void and_so_does_one_that_a_person_puts_there_since_the_last_reading() throws Exception {
        try (Route53Provider seldom = Route53Contract.open(
                scene.route53.endpoint(), ChecksScene.ZONE, scene.leader, Duration.ofDays(1), scene.clock())) {
            ChecksScene.pass(seldom, first("tcp"));
            String check = scene.ids().getFirst();
            ChecksScene.pass(seldom, first("none"));
            RecordSet theirs = new RecordSet(
                    new DnsName("other.example.com"),
                    "A",
                    "theirs",
                    60,
                    List.of("198.51.100.1"),
                    Routing.weighted(1).with(check));
            scene.route53.zone(ChecksScene.ZONE, "example.com", false).put(theirs);
            scene.later(AFTERWARDS);
            ChecksScene.pass(seldom, first("none"));
            assertThat(scene.ids()).containsExactly(check);
        }
    }

    /** @return its id: nothing names it, and it may go at any time */
    private String oneWhoseDeleteIsLate() throws Exception {
        scene.pass(first("tcp"));
        String old = scene.ids().getFirst();
        scene.pass(first("none"));
        scene.later(HealthChecks.GRACE.plus(Duration.ofSeconds(1)));
        scene.route53.next("DeleteHealthCheck", Fate.LATE);
        assertThatThrownBy(() -> scene.pass(first("none"))).isInstanceOf(ProviderException.class);
        return old;
    }

    private void anotherIsNamedBeforeItGoes(String old) {
        assertThat(scene.named()).as("not the one that may go").hasSize(1).doesNotContain(old);
        scene.route53.letGo();
        await().until(() -> !scene.ids().contains(old));
        assertThat(scene.ids()).containsExactlyElementsOf(scene.named());
    }

    @Test
    @Tag("fault-30")
    void a_late_delete_of_a_leader_that_fell_hits_nothing_that_its_successor_names() throws Exception {
        String old = oneWhoseDeleteIsLate();
        scene.leader.deposed();
        try (Route53Provider successor = scene.open(new FakeLeadership("route53", 2))) {
            ChecksScene.pass(successor, first("tcp"));
            anotherIsNamedBeforeItGoes(old);
        }
    }

    /** The one that it names is still there, since whoever was about to delete it may not. */
    @Test
    @Tag("fault-30")
    void a_late_batch_that_would_name_one_is_fenced_out_before_it_goes() throws Exception {
        scene.route53.next("ChangeResourceRecordSets", Fate.LATE);
        scene.route53.next("ChangeResourceRecordSets", Fate.LATE);
        assertThatThrownBy(() -> scene.pass(first("tcp"))).isInstanceOf(ProviderException.class);
        scene.pass();
        assertThat(scene.checks()).hasSize(1);
        scene.route53.next("DeleteHealthCheck", Fate.DENIED);
        scene.later(HealthChecks.GRACE.plus(Duration.ofSeconds(1)));
        assertThatThrownBy(scene::pass).hasMessageContaining("DeleteHealthCheck: AccessDenied");
        scene.route53.letGo();
        await().until(() -> scene.route53.stillLate() == 0);
        assertThat(scene.sets()).isEmpty();
        assertThat(scene.checks()).hasSize(1);
    }

    @Test
    @Tag("fault-34")
    void nor_does_its_own() throws Exception {
        String old = oneWhoseDeleteIsLate();
        scene.pass(first("tcp"));
        anotherIsNamedBeforeItGoes(old);
    }

    @Test
    @Tag("fault-34")
    void one_that_comes_back_in_time_has_the_same_check_and_later_another() throws Exception {
        scene.pass(first("tcp"));
        List<String> before = scene.references();
        scene.pass(first("none"));
        scene.later(HealthChecks.GRACE.minus(ChecksScene.REREAD), scene.provider, first("none"));
        scene.pass(first("tcp"));
        assertThat(scene.references()).isEqualTo(before);
        scene.later(AFTERWARDS, scene.provider, first("tcp"));
        scene.pass(first("none"));
        scene.later(AFTERWARDS, scene.provider, first("none"));
        assertThat(scene.checks()).isEmpty();
        scene.pass(first("tcp"));
        assertThat(scene.ids()).containsExactlyElementsOf(scene.named());
        assertThat(scene.references()).doesNotContainAnyElementsOf(before);
    }

    @Test
    @Tag("fault-30")
    void what_a_leader_that_fell_made_and_never_named_goes_in_its_successors_time() throws Exception {
        scene.route53.next("CreateHealthCheck", Fate.UNANSWERED);
        assertThatThrownBy(() -> scene.pass(first("tcp"))).isInstanceOf(ProviderException.class);
        String left = scene.ids().getFirst();
        scene.leader.deposed();
        try (Route53Provider successor = scene.open(new FakeLeadership("route53", 2))) {
            ChecksScene.pass(successor, first("tcp"));
            assertThat(scene.named()).doesNotContain(left);
            scene.later(AFTERWARDS, successor, first("tcp"));
        }
        assertThat(scene.ids()).containsExactlyElementsOf(scene.named());
    }

    @Test
    @Tag("fault-30")
    void whoever_does_not_lead_long_enough_deletes_none() throws Exception {
        scene.pass(first("tcp"));
        scene.pass(first("none"));
        scene.later(HealthChecks.GRACE.plus(Duration.ofSeconds(1)));
        scene.leader.left(Duration.ofSeconds(1));
        assertThatThrownBy(() -> scene.pass(first("none"))).isInstanceOf(ProviderException.class);
        assertThat(scene.calls("DeleteHealthCheck")).isZero();
    }

    @Test
    @Tag("fault-30")
    void nor_does_whoever_leads_too_short_by_the_time_that_it_has_looked() throws Exception {
        AtomicInteger last = new AtomicInteger(Integer.MAX_VALUE);
        FakeLeadership ends = new FakeLeadership("route53", 1) {
            @Override
            public void worked() {
                if (scene.route53.batches().size() > last.get()) {
                    left(Duration.ofSeconds(1));
                }
            }
        };
        try (Route53Provider one = scene.open(ends)) {
            ChecksScene.pass(one, first("tcp"));
            ChecksScene.pass(one, first("none"));
            scene.later(HealthChecks.GRACE.plus(Duration.ofSeconds(1)));
            last.set(scene.route53.batches().size());
            assertThatThrownBy(() -> ChecksScene.pass(one, first("none")))
                    .hasMessageContaining("DeleteHealthCheck: not begun");
        }
        assertThat(scene.route53.batches()).as("behind its fence").hasSize(last.get() + 1);
        assertThat(scene.calls("DeleteHealthCheck")).isZero();
    }

    @Test
    void none_goes_before_every_name_server_has_the_change_that_took_it_out() throws Exception {
        scene.pass(first("tcp"));
        scene.route53.everywhereAfter(Integer.MAX_VALUE);
        scene.keep(first("none"));
        scene.later(AFTERWARDS);
        scene.keep(first("none"));
        assertThat(scene.checks()).hasSize(1);
        scene.route53.everywhereAfter(0);
        await().until(() -> scene.provider.underWay() == 0);
        scene.pass(first("none"));
        assertThat(scene.checks()).isEmpty();
    }

    @Test
    @Tag("fault-34")
    void one_that_is_gone_already_is_gone_and_one_that_may_not_go_is_told_and_left_for_a_while() throws Exception {
        scene.pass(checked("tcp"));
        scene.pass(first("none"));
        scene.route53.next("DeleteHealthCheck", Fate.DENIED);
        scene.later(HealthChecks.GRACE.plus(Duration.ofSeconds(1)));
        scene.route53.healthChecks().remove(scene.ids().getLast());
        assertThatThrownBy(() -> scene.pass(first("none"))).hasMessageContaining("DeleteHealthCheck: AccessDenied");
        long calls = scene.calls("DeleteHealthCheck");
        scene.pass(first("none"));
        assertThat(scene.calls("DeleteHealthCheck")).isEqualTo(calls);
        scene.later(AFTERWARDS, scene.provider, first("none"));
        assertThat(scene.checks()).isEmpty();
    }

    @Test
    @Tag("fault-35")
    void one_that_waits_for_others_of_its_service_stays() throws Exception {
        scene.route53.healthChecks().most(1);
        scene.pass(checked("tcp"));
        assertThat(scene.sets()).isEmpty();
        scene.later(AFTERWARDS.multipliedBy(2), scene.provider, checked("tcp"));
        assertThat(scene.calls("DeleteHealthCheck")).isZero();
        assertThat(scene.checks()).hasSize(1);
    }

    @Test
    void with_upsert_only_none_goes() throws Exception {
        scene.pass(checked("tcp"));
        try (Route53Provider careful = scene.openUpsertOnly()) {
            ChecksScene.pass(careful, checked("none"));
            scene.later(AFTERWARDS, careful, checked("none"));
        }
        assertThat(scene.named()).containsOnly("");
        assertThat(scene.checks()).hasSize(2);
    }
}
