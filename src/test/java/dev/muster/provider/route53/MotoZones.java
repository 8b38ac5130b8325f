package dev.muster.provider.route53;

import dev.muster.config.AwsConfig;
import dev.muster.provider.aws.AwsCalls;
import dev.muster.provider.aws.AwsClients;
import dev.muster.provider.aws.AwsException;
import dev.muster.provider.aws.TokenBucket;
import dev.muster.testkit.MotoServer;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import software.amazon.awssdk.services.route53.Route53Client;
import software.amazon.awssdk.services.route53.model.Change;
import software.amazon.awssdk.services.route53.model.ChangeAction;
import software.amazon.awssdk.services.route53.model.CreateHostedZoneRequest;

/** moto's hosted zones, by a person's hand. */
final class MotoZones implements AutoCloseable {

    private final MotoServer moto;
    private final boolean ours;
    private final Route53Client client;
    private final Route53Api api;

    MotoZones() {
        this(new MotoServer());
    }

    private MotoZones(MotoServer moto) {
        this(moto, true, new AwsConfig(Optional.empty(), Optional.of(moto.endpoint()), Duration.ofSeconds(20)));
    }

    private MotoZones(MotoServer moto, boolean ours, AwsConfig who) {
        Route53Contract.whoCalls();
        this.moto = moto;
        this.ours = ours;
        client = AwsClients.make(Route53Client.builder(), who, "aws-global", path -> Optional.empty());
        api = new Route53Api(
                client, new AwsCalls(new TokenBucket(1000, 1000, System::nanoTime), new Random(1), wait -> {}));
    }

    /** The same moto, by somebody else. */
    MotoZones as(AwsConfig who) {
        return new MotoZones(moto, false, who);
    }

    URI endpoint() {
        return moto.endpoint();
    }

    /** @param more what there is to say of it besides */
    Zone create(String name, Consumer<CreateHostedZoneRequest.Builder> more) {
        String id = client.createHostedZone(
                        to -> more.accept(to.name(name).callerReference(String.valueOf(System.nanoTime()))))
                .hostedZone()
                .id()
                .replace("/hostedzone/", "");
        return new Zone(id, new DnsName(name), false);
    }

    Zone create(String name) {
        return create(name, nothing -> {});
    }

    ZoneView view(Zone zone) throws AwsException {
        return api.view(zone, () -> {});
    }

    List<RecordSet> sets(Zone zone) throws AwsException {
        return List.copyOf(view(zone).sets().values());
    }

    /** Of the account. */
    List<HealthCheck> healthChecks() throws AwsException {
        return api.healthChecks(() -> {});
    }

    void deleteHealthCheck(String id) throws AwsException {
        api.deleteHealthCheck(id, () -> true);
    }

    void put(Zone zone, RecordSet set) {
        Change change = Change.builder()
                .action(ChangeAction.UPSERT)
                .resourceRecordSet(Route53Api.set(set))
                .build();
        client.changeResourceRecordSets(
                to -> to.hostedZoneId(zone.id()).changeBatch(batch -> batch.changes(List.of(change))));
    }

    @Override
    public void close() {
        client.close();
        if (ours) {
            moto.close();
        }
    }
}
