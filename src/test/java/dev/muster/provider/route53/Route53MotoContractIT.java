package dev.muster.provider.route53;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.config.AwsConfig;
import dev.muster.model.InstanceState;
import dev.muster.plan.Diff;
import dev.muster.plan.ServiceTargets;
import dev.muster.provider.FakeLeadership;
import dev.muster.provider.aws.AwsCalls;
import dev.muster.provider.aws.AwsClients;
import dev.muster.provider.aws.TokenBucket;
import dev.muster.testkit.MotoServer;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.route53.Route53Client;
import software.amazon.awssdk.services.route53.model.Change;
import software.amazon.awssdk.services.route53.model.ChangeAction;
import software.amazon.awssdk.services.route53.model.ResourceRecord;
import software.amazon.awssdk.services.route53.model.ResourceRecordSet;

/**
 * The contract against moto. What moto does not do is not asked of it here: its batches are not all or nothing, everything
 * is in sync at once, nothing is throttled, and no limit is kept.
 */
class Route53MotoContractIT extends Route53Contract {

    private static MotoServer moto;
    private static Route53Client client;

    private String zone = "";

    @BeforeAll
    static void startMoto() {
        whoCalls();
        moto = new MotoServer();
        client = AwsClients.make(
                Route53Client.builder(),
                new AwsConfig(Optional.empty(), Optional.of(moto.endpoint()), Duration.ofSeconds(20)),
                "aws-global",
                path -> Optional.empty());
    }

    @AfterAll
    static void stopMoto() {
        client.close();
        moto.close();
    }

    @Override
    protected URI endpoint() {
        return moto.endpoint();
    }

    @Override
    protected String zone() {
        if (zone.isEmpty()) {
            zone = client.createHostedZone(to -> to.name(DOMAIN).callerReference(String.valueOf(System.nanoTime())))
                    .hostedZone()
                    .id()
                    .replace("/hostedzone/", "");
        }
        return zone;
    }

    private List<RecordSet> sets() throws Exception {
        AwsCalls calls = new AwsCalls(new TokenBucket(1000, 1000, System::nanoTime), new Random(1), wait -> {});
        // Not closed: it is everybody's client.
        Route53Api api = new Route53Api(client, calls);
        return List.copyOf(api.view(new Zone(zone, new DnsName(DOMAIN), false), () -> {})
                .sets()
                .values());
    }

    /** Each write has a nonce of its own. */
    @Override
    protected Object writesSoFar() throws Exception {
        return sets();
    }

    @Override
    protected void put(RecordSet set) {
        ResourceRecordSet one = ResourceRecordSet.builder()
                .name(set.name().escaped())
                .type(set.type())
                .ttl(set.ttlSeconds())
                .resourceRecords(set.values().stream()
                        .map(value -> ResourceRecord.builder().value(value).build())
                        .toList())
                .build();
        Change change = Change.builder()
                .action(ChangeAction.UPSERT)
                .resourceRecordSet(one)
                .build();
        client.changeResourceRecordSets(
                to -> to.hostedZoneId(zone).changeBatch(batch -> batch.changes(List.of(change))));
    }

    /** moto refuses a CREATE that it has seen before, although the same batch deletes what stands there. */
    @Test
    @Override
    protected void a_hand_made_change_is_seen_and_repaired() {
        assertThatThrownBy(super::a_hand_made_change_is_seen_and_repaired)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("what is left to do");
        assertThat(provider.refusals().toString()).contains("but it already exists");
    }

    @Test
    void a_zone_of_many_pages_is_read_whole() throws Exception {
        try (Route53Provider many =
                open(moto.endpoint(), zone, new FakeLeadership("route53", 1), Duration.ofHours(1))) {
            List<RecordSet> before = sets();
            ServiceTargets[] fleet = IntStream.range(0, 200)
                    .mapToObj(n -> NamedServices.up("s%03d".formatted(n), "203.0.113.5"))
                    .toArray(ServiceTargets[]::new);
            many.apply(Diff.between(NamedServices.all(fleet), many.actual()));
            assertThat(sets()).hasSize(before.size() + 401);
            many.apply(Diff.between(NamedServices.all(), many.actual()));
            assertThat(sets()).hasSize(before.size() + 1).containsAll(before);
        }
    }

    @Test
    void names_that_route_53_escapes_go_there_and_back() throws Exception {
        try (Route53Provider provider =
                open(moto.endpoint(), zone, new FakeLeadership("route53", 1), Duration.ofHours(1))) {
            provider.apply(Diff.between(
                    NamedServices.all(NamedServices.service(
                            "any",
                            NamedServices.targets("any", InstanceState.UP, "203.0.113.5"),
                            "dns_name",
                            "*.example.com")),
                    provider.actual()));
            assertThat(sets()).extracting(RecordSet::name).contains(new DnsName("*.example.com"));
        }
    }
}
