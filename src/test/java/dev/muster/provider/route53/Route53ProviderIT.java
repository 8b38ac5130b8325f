package dev.muster.provider.route53;

import static dev.muster.provider.route53.NamedServices.all;
import static dev.muster.provider.route53.NamedServices.named;
import static dev.muster.provider.route53.NamedServices.service;
import static dev.muster.provider.route53.NamedServices.targets;
import static dev.muster.provider.route53.NamedServices.up;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.muster.model.InstanceState;
import dev.muster.plan.Diff;
import dev.muster.plan.Plan;
import dev.muster.plan.Refusal;
import dev.muster.plan.ServiceTargets;
import dev.muster.provider.FakeLeadership;
import dev.muster.provider.ProviderException;
import dev.muster.provider.route53.FakeRoute53.Fate;
import java.time.Duration;
import java.util.List;
import java.util.SortedMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Two watchers and a Route 53 that does its worst. */
class Route53ProviderIT {

    private static final String ZONE = "Z0123456789";
    private static final Duration SELDOM = Duration.ofHours(1);

    private final FakeRoute53 route53 = new FakeRoute53();
    private final FakeLeadership leader = new FakeLeadership("route53", 1);
    private Route53Provider provider;

    @BeforeAll
    static void whoCalls() {
        Route53Contract.whoCalls();
    }

    @BeforeEach
    void start() {
        route53.zone(ZONE, "example.com", false);
        provider = open(leader);
    }

    @AfterEach
    void stop() {
        provider.close();
        route53.close();
    }

    private Route53Provider open(FakeLeadership leadership) {
        return Route53Contract.open(route53.endpoint(), ZONE, leadership, SELDOM);
    }

    private static Plan make(Route53Provider with, ServiceTargets... services) throws ProviderException {
        SortedMap<String, ServiceTargets> actual = with.actual();
        Plan plan = Diff.between(with.possible(all(services)), actual);
        if (!plan.changes().isEmpty() || with.disturbed()) {
            with.apply(plan);
        }
        return plan;
    }

    private Plan make(ServiceTargets... services) throws ProviderException {
        return make(provider, services);
    }

    /** Of these, as they were asked for last. */
    private static SortedMap<String, Refusal> refused(Route53Provider with, ServiceTargets... services) {
        with.possible(all(services));
        return with.refusals();
    }

    private List<String> values(String name) {
        return route53.sets(ZONE).stream()
                .filter(set -> set.name().text().equals(name) && set.type().equals("A"))
                .flatMap(set -> set.values().stream())
                .toList();
    }

    private long calls(String name) {
        return route53.calls().stream().filter(call -> call.startsWith(name)).count();
    }

    private static ServiceTargets[] fleet(int from, int services, String address) {
        return IntStream.range(from, from + services)
                .mapToObj(n -> up("s%04d".formatted(n), address))
                .toArray(ServiceTargets[]::new);
    }

    @Test
    void a_record_and_its_text_are_one_batch() throws Exception {
        make(up("web", "203.0.113.5"));
        assertThat(route53.batches()).hasSize(1);
        assertThat(route53.batches().getFirst())
                .extracting(FakeZone.Step::action)
                .containsExactly("CREATE", "CREATE", "CREATE");
    }

    @Test
    void nothing_is_overwritten_whatever_changes() throws Exception {
        make(up("web", "203.0.113.5"));
        make(up("web", "203.0.113.6"));
        make();
        assertThat(route53.batches())
                .flatExtracting(batch -> batch)
                .extracting(FakeZone.Step::action)
                .doesNotContain("UPSERT");
        assertThat(values("web.example.com")).isEmpty();
    }

    @Test
    void once_in_step_nothing_is_called_before_the_zones_are_read_again() throws Exception {
        make(up("web", "203.0.113.5"));
        int calls = (int) route53.calls().stream()
                .filter(call -> !call.startsWith("GetChange"))
                .count();
        for (int pass = 0; pass < 10; pass++) {
            assertThat(make(up("web", "203.0.113.5")).changes()).isEmpty();
        }
        assertThat(route53.calls().stream().filter(call -> !call.startsWith("GetChange")))
                .hasSize(calls);
    }

    @Test
    void a_thousand_names_take_as_few_batches_as_fit_and_are_read_in_pages() throws Exception {
        make(fleet(0, 1000, "203.0.113.5"));
        assertThat(route53.batches()).hasSize(3);
        make(fleet(0, 1000, "203.0.113.6"));
        assertThat(route53.batches()).hasSizeBetween(8, 9);
        try (Route53Provider next = open(leader)) {
            assertThat(next.actual()).hasSize(1000);
        }
        assertThat(calls("ListResourceRecordSets")).isEqualTo(1 + 7);
    }

    @Test
    void half_an_answer_is_none() throws Exception {
        make(fleet(0, 200, "203.0.113.5"));
        try (Route53Provider next = open(leader)) {
            route53.next("ListHostedZones", Fate.UNAVAILABLE);
            route53.next("ListResourceRecordSets", Fate.FAILED);
            route53.next("ListResourceRecordSets", Fate.FAILED);
            assertThatThrownBy(next::actual).isInstanceOf(ProviderException.class);
            assertThat(next.actual()).hasSize(200);
        }
    }

    @Test
    @Tag("fault-34")
    void a_batch_that_came_too_soon_is_sent_again() throws Exception {
        provider.actual();
        for (Fate fate : List.of(Fate.THROTTLED, Fate.PRIOR_REQUEST_NOT_COMPLETE, Fate.UNAVAILABLE)) {
            route53.next("ChangeResourceRecordSets", fate);
        }
        make(up("web", "203.0.113.5"));
        assertThat(values("web.example.com")).containsExactly("203.0.113.5");
        assertThat(calls("ChangeResourceRecordSets")).isEqualTo(4);
        assertThat(calls("ListHostedZones")).as("nothing was in doubt").isEqualTo(1);
    }

    @Test
    @Tag("fault-34")
    void after_a_reply_that_was_lost_it_looks_and_does_nothing_twice() throws Exception {
        make(up("web", "203.0.113.5"));
        for (Fate fate : List.of(Fate.UNANSWERED, Fate.FAILED_AFTER)) {
            int batches = route53.batches().size();
            route53.next("ChangeResourceRecordSets", fate);
            String address = fate == Fate.UNANSWERED ? "203.0.113.6" : "203.0.113.7";
            make(up("web", address));
            assertThat(values("web.example.com")).containsExactly(address);
            assertThat(route53.batches()).hasSize(batches + 1);
        }
    }

    @Test
    @Tag("fault-34")
    void a_batch_that_failed_inside_aws_is_sent_again_after_a_look() throws Exception {
        provider.actual();
        route53.next("ChangeResourceRecordSets", Fate.FAILED);
        make(up("web", "203.0.113.5"));
        assertThat(values("web.example.com")).containsExactly("203.0.113.5");
        assertThat(calls("ListHostedZones")).isEqualTo(2);
    }

    @Test
    @Tag("fault-30")
    void a_late_batch_of_a_leader_that_was_deposed_changes_nothing() throws Exception {
        make(up("web", "203.0.113.5"));
        route53.next("ChangeResourceRecordSets", Fate.LATE);
        Thread old = Thread.ofVirtual().start(() -> {
            try {
                make(up("web", "203.0.113.6"));
            } catch (ProviderException expected) {
                // it has no answer in time
            }
        });
        await().until(() -> calls("ChangeResourceRecordSets") == 2);
        leader.deposed();
        try (Route53Provider successor = open(new FakeLeadership("route53", 2))) {
            make(successor, up("web", "203.0.113.7"));
        }
        int batches = route53.batches().size();
        route53.letGo();
        old.join();
        assertThat(values("web.example.com")).containsExactly("203.0.113.7");
        assertThat(route53.batches()).hasSize(batches);
        assertThat(leader.seen()).as("the old one has seen who leads").isEqualTo(2);
    }

    /**
     * AWS's own outage of October 2025: a plan that was delayed was applied after a newer one, and a clean-up of what was old
     * then emptied the record. Here the delayed plan is about a name that the newer one left alone, which nothing but the
     * order of plans forbids.
     */
    @Test
    @Tag("fault-30")
    void a_delayed_stale_plan_after_a_newer_one_changes_nothing_even_where_the_newer_one_wrote_nothing()
            throws Exception {
        make(up("db", "203.0.113.5"), up("web", "203.0.113.5"));
        route53.next("ChangeResourceRecordSets", Fate.LATE);
        Thread old = Thread.ofVirtual().start(() -> {
            try {
                make(up("web", "203.0.113.5"));
            } catch (ProviderException expected) {
                // it has no answer in time
            }
        });
        await().until(() -> calls("ChangeResourceRecordSets") == 2);
        leader.deposed();
        try (Route53Provider successor = open(new FakeLeadership("route53", 2))) {
            make(successor, up("db", "203.0.113.5"), up("web", "203.0.113.5"));
            assertThat(route53.batches())
                    .as("it has written nothing but that it leads")
                    .hasSize(2);
            assertThat(route53.batches().getLast()).hasSize(2);
            route53.letGo();
            old.join();
            assertThat(values("db.example.com")).containsExactly("203.0.113.5");
            assertThat(route53.batches()).hasSize(2);
            assertThat(successor.disturbed()).isFalse();
        }
    }

    @Test
    void a_leader_whose_time_is_nearly_up_begins_nothing() throws Exception {
        provider.actual();
        leader.left(Duration.ofMillis(1900));
        assertThatThrownBy(() -> make(up("web", "203.0.113.5"))).hasMessageContaining("not begun");
        leader.left(Duration.ofSeconds(8));
        leader.resign();
        assertThatThrownBy(() -> make(up("web", "203.0.113.5")))
                .hasMessageContaining("does not lead the group route53");
        assertThat(route53.batches()).isEmpty();
    }

    @Test
    void a_leader_that_finds_a_later_epoch_leads_above_it_or_not_at_all() throws Exception {
        try (Route53Provider before = open(new FakeLeadership("route53", 41))) {
            make(before, up("web", "203.0.113.5"));
        }
        make(up("web", "203.0.113.6"));
        assertThat(leader.epoch()).hasValue(42);
        assertThat(route53.batches().getLast().toString()).contains("epoch=42");

        FakeLeadership deposed = new FakeLeadership("route53", 3);
        deposed.deposed();
        try (Route53Provider late = open(deposed)) {
            assertThatThrownBy(() -> make(late, up("web", "203.0.113.9"))).hasMessageContaining("does not lead");
        }
        assertThat(values("web.example.com")).containsExactly("203.0.113.6");
    }

    @Test
    @Tag("fault-31")
    void a_successor_finishes_what_was_begun() throws Exception {
        make(fleet(0, 10, "203.0.113.5"));
        route53.next("ChangeResourceRecordSets", Fate.DENIED);
        assertThatThrownBy(() -> make(fleet(0, 20, "203.0.113.6"))).isInstanceOf(ProviderException.class);
        try (Route53Provider successor = open(new FakeLeadership("route53", 2))) {
            make(successor, fleet(0, 20, "203.0.113.6"));
            assertThat(successor.disturbed()).isFalse();
            assertThat(Diff.between(all(fleet(0, 20, "203.0.113.6")), successor.actual())
                            .changes())
                    .isEmpty();
        }
    }

    @Test
    @Tag("fault-35")
    void one_bad_name_keeps_no_other_one_waiting() throws Exception {
        ServiceTargets bad = named("bad", "bad.example.com", "not-an-address");
        ServiceTargets[] some = java.util.Arrays.copyOf(fleet(0, 31, "203.0.113.5"), 32);
        some[31] = bad;
        make(some);
        assertThat(refused(provider, some)).containsOnlyKeys("bad");
        assertThat(provider.possible(all(some))).doesNotContainKey("bad").hasSize(31);
        assertThat(provider.actual()).hasSize(31);

        int calls = route53.calls().size();
        assertThat(make(some).changes()).isEmpty();
        assertThat(refused(provider, some)).containsOnlyKeys("bad");
        assertThat(route53.calls().stream().skip(calls).filter(call -> !call.startsWith("GetChange")))
                .as("what was refused is not tried again at once")
                .isEmpty();
    }

    @Test
    @Tag("fault-35")
    void what_a_service_has_under_another_name_stays_while_the_new_one_is_not_accepted() throws Exception {
        make(up("web", "203.0.113.5"));
        ServiceTargets renamed = named("web", "new.example.com", "not-an-address");
        for (int pass = 0; pass < 3; pass++) {
            make(renamed);
            assertThat(refused(provider, renamed)).containsOnlyKeys("web");
            assertThat(values("web.example.com")).containsExactly("203.0.113.5");
        }
        make(named("web", "newer.example.com", "203.0.113.6"));
        assertThat(values("newer.example.com")).containsExactly("203.0.113.6");
        assertThat(values("web.example.com")).isEmpty();
    }

    @Test
    @Tag("fault-38")
    void what_is_not_ours_stays_as_it_is() throws Exception {
        FakeZone zone = route53.zone(ZONE, "example.com", false);
        zone.put(RecordSet.simple(new DnsName("web.example.com"), "A", 300, List.of("198.51.100.1")));
        zone.put(new RecordSet(new DnsName("w.example.com"), "A", "one", 300, List.of("198.51.100.2"), "weighted"));
        zone.put(RecordSet.simple(new DnsName("x y.example.com"), "TXT", 300, List.of("\"v=spf1 -all\"")));
        List<RecordSet> before = route53.sets(ZONE);
        ServiceTargets[] services = {up("web", "203.0.113.5"), up("w", "203.0.113.5"), up("app", "203.0.113.5")};
        make(services);
        assertThat(refused(provider, services)).containsOnlyKeys("w", "web");
        make();
        assertThat(route53.sets(ZONE)).containsAll(before);
        assertThat(route53.sets(ZONE))
                .filteredOn(set -> !before.contains(set))
                .extracting(set -> set.name().text())
                .containsExactly("_muster-route53.example.com");
    }

    @Test
    @Tag("fault-38")
    void a_name_is_given_as_soon_as_it_is_nobody_elses_any_more() throws Exception {
        FakeZone zone = route53.zone(ZONE, "example.com", false);
        RecordSet foreign = RecordSet.simple(new DnsName("web.example.com"), "A", 300, List.of("198.51.100.1"));
        zone.put(foreign);
        try (Route53Provider often = Route53Contract.open(route53.endpoint(), ZONE, leader, Duration.ZERO)) {
            make(often, up("web", "203.0.113.5"));
            assertThat(refused(often, up("web", "203.0.113.5"))).containsOnlyKeys("web");
            zone.remove(foreign.key());
            make(often, up("web", "203.0.113.5"));
            assertThat(refused(often, up("web", "203.0.113.5"))).isEmpty();
        }
        assertThat(values("web.example.com")).containsExactly("203.0.113.5");
    }

    @Test
    @Tag("fault-38")
    void a_record_that_appears_between_a_look_and_a_write_stays_as_it_is() throws Exception {
        provider.actual();
        RecordSet foreign = RecordSet.simple(new DnsName("web.example.com"), "A", 300, List.of("198.51.100.1"));
        route53.zone(ZONE, "example.com", false).put(foreign);
        ServiceTargets[] services = {up("web", "203.0.113.5"), up("app", "203.0.113.5")};
        make(services);
        assertThat(refused(provider, services)).containsOnlyKeys("web");
        assertThat(refused(provider, services).get("web"))
                .hasToString("setting dns_name, dns_ttl: web.example.com A (198.51.100.1) stands there already: "
                        + "it is not Muster's, and nothing beside it says whose it is (it is left out)");
        assertThat(route53.sets(ZONE)).contains(foreign);
        assertThat(values("app.example.com")).containsExactly("203.0.113.5");
    }

    @Test
    @Tag("fault-37")
    void a_zone_that_is_deleted_takes_only_its_own_names_along() throws Exception {
        route53.zone("Z2222222222", "example.org", false);
        try (Route53Provider both = Route53Contract.open(route53.endpoint(), "example.org", leader, SELDOM)) {
            ServiceTargets org = named("org", "a.example.org", "203.0.113.5");
            make(both, org);
            route53.delete("Z2222222222");
            ServiceTargets moved = named("org", "a.example.org", "203.0.113.6");
            make(both, moved);
            assertThat(refused(both, moved)).containsOnlyKeys("org");
        }
        assertThat(calls("CreateHostedZone")).isZero();
    }

    @Test
    @Tag("fault-36")
    void expired_credentials_change_nothing_and_say_nothing_secret() throws Exception {
        make(up("web", "203.0.113.5"));
        route53.next("ChangeResourceRecordSets", Fate.EXPIRED_TOKEN);
        ProviderException failure = catchThrowableOfType(ProviderException.class, () -> make(up("web", "203.0.113.6")));
        assertThat(failure).hasMessageContaining("ExpiredToken");
        assertThat(failure.getMessage()).doesNotContain("AKID");
        assertThat(values("web.example.com")).containsExactly("203.0.113.5");
        make(up("web", "203.0.113.6"));
        assertThat(values("web.example.com")).containsExactly("203.0.113.6");
    }

    @Test
    void what_is_accepted_is_followed_until_it_is_everywhere() throws Exception {
        route53.everywhereAfter(3);
        make(up("web", "203.0.113.5"));
        assertThat(provider.underWay()).isEqualTo(1);
        await().until(() -> provider.underWay() == 0);
        assertThat(calls("GetChange")).isEqualTo(4);
    }

    @Test
    void whoever_drains_is_told_for_how_long_the_last_record_is_remembered() throws Exception {
        make(up("web", "203.0.113.5"));
        assertThat(provider.safeAfter("web")).as("that there was none").contains(Duration.ofMinutes(15));
        ServiceTargets longer = service(
                "web",
                targets("web", InstanceState.UP, "203.0.113.5"),
                "dns_name",
                "web.example.com",
                "dns_ttl",
                "300");
        make(longer);
        assertThat(provider.safeAfter("web")).contains(Duration.ofMinutes(5));
        make(up("web", "203.0.113.5"));
        assertThat(provider.safeAfter("web")).as("what was before").contains(Duration.ofMinutes(5));
        make(up("web", "203.0.113.6"));
        assertThat(provider.safeAfter("web")).contains(Duration.ofMinutes(1));
        make(service(
                "web",
                targets("web", InstanceState.DOWN, "203.0.113.6"),
                "dns_name",
                "web.example.com",
                "dns_ttl",
                "60"));
        assertThat(provider.safeAfter("web")).as("its record is what it was").contains(Duration.ofMinutes(1));
    }
}
