package dev.muster.provider.route53;

import static dev.muster.provider.route53.NamedServices.all;
import static dev.muster.provider.route53.NamedServices.up;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.muster.config.AwsConfig;
import dev.muster.config.Policy;
import dev.muster.config.Route53Config;
import dev.muster.plan.Diff;
import dev.muster.plan.Plan;
import dev.muster.plan.ServiceTargets;
import dev.muster.provider.Adoption;
import dev.muster.provider.FakeLeadership;
import dev.muster.provider.ProviderException;
import dev.muster.provider.UnansweredException;
import dev.muster.provider.aws.AwsCalls;
import dev.muster.provider.aws.AwsClients;
import dev.muster.provider.aws.TokenBucket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.route53.Route53Client;

/** Which calls are made, and how often, by a clock of the test's own. */
class Route53CallsIT {

    private static final String ZONE = "Z0123456789";
    private static final Duration REREAD = Duration.ofSeconds(60);
    private static final Duration PASS = Duration.ofSeconds(2);

    private final FakeRoute53 route53 = new FakeRoute53();
    private final AtomicLong nanos = new AtomicLong();
    private final FakeLeadership leader = new FakeLeadership("route53", 1);
    private Route53Provider provider;

    @BeforeAll
    static void whoCalls() {
        Route53Contract.whoCalls();
    }

    @BeforeEach
    void start() {
        route53.zone(ZONE, "example.com", false);
        route53.zone("Z2222222222", "example.org", false);
        route53.zone("Z3333333333", "example.net", false);
        AwsCalls calls =
                new AwsCalls(new TokenBucket(5, 5, nanos::get), new Random(1), wait -> nanos.addAndGet(wait.toNanos()));
        AwsConfig aws = new AwsConfig(Optional.empty(), Optional.of(route53.endpoint()), Duration.ofSeconds(2));
        provider = new Route53Provider(
                new Route53Config(aws, Set.of(), REREAD, Policy.SYNC),
                leader,
                nanos::get,
                new Random(),
                List.of(new Account(
                        Account.OWN,
                        aws,
                        AwsClients.make(Route53Client.builder(), aws, "aws-global", path -> Optional.empty()),
                        calls,
                        Duration.ofMillis(5),
                        nanos::get,
                        new Random(),
                        took -> {})));
    }

    @AfterEach
    void stop() {
        provider.close();
        route53.close();
    }

    private void pass(SortedMap<String, ServiceTargets> services) throws Exception {
        SortedMap<String, ServiceTargets> actual = provider.actual();
        Plan plan = Diff.between(provider.possible(services), actual);
        if (!plan.changes().isEmpty() || provider.disturbed()) {
            provider.apply(plan);
        }
        nanos.addAndGet(PASS.toNanos());
    }

    /** By the reference: each reading is one call for each 100 zones, and one for each 300 record sets of each zone. */
    @Test
    void in_step_nothing_is_sent_but_reads_and_these_at_the_documented_rate() throws Exception {
        SortedMap<String, ServiceTargets> fleet = all(IntStream.range(0, 250)
                .mapToObj(n -> up("s%03d".formatted(n), "203.0.113.5"))
                .toArray(ServiceTargets[]::new));
        for (int first = 0; first < 3; first++) {
            pass(fleet);
        }
        await().until(() -> provider.underWay() == 0);
        int batches = route53.batches().size();
        int before = route53.calls().size();

        int minutes = 20;
        for (int n = 0; n < minutes * 30; n++) {
            pass(fleet);
        }

        List<String> calls = route53.calls().subList(before, route53.calls().size());
        Map<String, Long> byCall = calls.stream().collect(Collectors.groupingBy(call -> call, Collectors.counting()));
        long readings = byCall.getOrDefault("ListHostedZones", 0L);
        assertThat(readings).isBetween(minutes - 2L, (long) minutes);
        assertThat(byCall)
                .as("501 sets are two pages")
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "ListHostedZones",
                        readings,
                        "ListResourceRecordSets " + ZONE,
                        2 * readings,
                        "ListResourceRecordSets Z2222222222",
                        readings,
                        "ListResourceRecordSets Z3333333333",
                        readings));
        assertThat(route53.batches()).hasSize(batches);
    }

    @Test
    @Tag("fault-34")
    void a_takeover_whose_answer_is_lost_is_told_as_not_known() throws Exception {
        FakeZone zone = route53.zone(ZONE, "example.com", false);
        zone.put(RecordSet.simple(new DnsName("web.example.com"), "A", 300, List.of("198.51.100.1")));
        Adoption adoption = provider.adoption("web.example.com", all(up("web", "203.0.113.5")));
        route53.next("ChangeResourceRecordSets", FakeRoute53.Fate.DENIED);
        assertThatThrownBy(adoption::take).isExactlyInstanceOf(ProviderException.class);
        route53.next("ChangeResourceRecordSets", FakeRoute53.Fate.UNANSWERED);
        assertThatThrownBy(adoption::take).isInstanceOf(UnansweredException.class);
        assertThat(route53.sets(ZONE).toString()).contains("203.0.113.5");
    }

    @Test
    @Tag("fault-38")
    void a_takeover_of_what_has_changed_since_it_was_shown_changes_nothing() throws Exception {
        RecordSet shown = RecordSet.simple(new DnsName("web.example.com"), "A", 300, List.of("198.51.100.1"));
        RecordSet now = RecordSet.simple(new DnsName("web.example.com"), "A", 300, List.of("198.51.100.2"));
        FakeZone zone = route53.zone(ZONE, "example.com", false);
        zone.put(shown);
        SortedMap<String, ServiceTargets> web = all(up("web", "203.0.113.5"));
        Adoption adoption = provider.adoption("web.example.com", web);
        zone.put(now);
        assertThatThrownBy(adoption::take).hasMessageContaining("nothing was changed");
        assertThat(route53.sets(ZONE)).contains(now);
        zone.put(shown);
        adoption.take();
        assertThat(route53.sets(ZONE))
                .contains(RecordSet.simple(new DnsName("web.example.com"), "A", 60, List.of("203.0.113.5")));

        nanos.addAndGet(REREAD.toNanos());
        int batches = route53.batches().size();
        pass(web);
        provider.possible(web);
        assertThat(provider.refusals()).isEmpty();
        assertThat(route53.batches()).as("but for its fence").hasSize(batches + 1);
        assertThat(route53.batches().getLast()).hasSize(2);
    }
}
