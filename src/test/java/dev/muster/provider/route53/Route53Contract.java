package dev.muster.provider.route53;

import dev.muster.config.AwsConfig;
import dev.muster.config.Policy;
import dev.muster.config.Route53Config;
import dev.muster.model.Protocol;
import dev.muster.model.ServiceOptions;
import dev.muster.model.Target;
import dev.muster.plan.About;
import dev.muster.plan.ServiceTargets;
import dev.muster.provider.FakeLeadership;
import dev.muster.provider.Provider;
import dev.muster.provider.ProviderContract;
import dev.muster.provider.aws.AwsCalls;
import dev.muster.provider.aws.AwsClients;
import dev.muster.provider.aws.TokenBucket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.BeforeAll;
import software.amazon.awssdk.services.route53.Route53Client;

/** The contract over the real wire, each test in a zone of its own. */
abstract class Route53Contract extends ProviderContract {

    protected static final String DOMAIN = "example.com";

    /** Where its SDK finds who calls. */
    @BeforeAll
    static void whoCalls() {
        System.setProperty("aws.accessKeyId", "AKIDEXAMPLE");
        System.setProperty("aws.secretAccessKey", "not-a-secret");
    }

    protected abstract URI endpoint() throws Exception;

    /** The zone of this test. */
    protected abstract String zone() throws Exception;

    @Override
    protected Provider open() throws Exception {
        return open(endpoint(), zone(), new FakeLeadership("route53", 1), Duration.ZERO);
    }

    static Route53Provider open(URI endpoint, String zone, FakeLeadership leadership, Duration reread) {
        return open(endpoint, zone, leadership, reread, System::nanoTime);
    }

    /** @param nanos by which it waits for what it does in minutes */
    static Route53Provider open(
            URI endpoint, String zone, FakeLeadership leadership, Duration reread, LongSupplier nanos) {
        return open(endpoint, zone, leadership, reread, nanos, Policy.SYNC);
    }

    static Route53Provider open(
            URI endpoint, String zone, FakeLeadership leadership, Duration reread, LongSupplier nanos, Policy policy) {
        AwsCalls calls = new AwsCalls(new TokenBucket(1000, 1000, System::nanoTime), new Random(1), wait -> {});
        AwsConfig aws = new AwsConfig(Optional.empty(), Optional.of(endpoint), Duration.ofSeconds(2));
        return new Route53Provider(
                new Route53Config(aws, Set.of(zone), reread, policy),
                leadership,
                nanos,
                new Random(),
                List.of(new Account(
                        Account.OWN,
                        aws,
                        AwsClients.make(Route53Client.builder(), aws, "aws-global", path -> Optional.empty()),
                        calls,
                        Duration.ofMillis(5),
                        System::nanoTime,
                        new Random(),
                        took -> {})));
    }

    @Override
    protected ServiceTargets asBound(ServiceTargets service) {
        return new ServiceTargets(
                service.service(),
                Protocol.TCP,
                List.of(),
                service.targets(),
                ServiceOptions.NONE,
                new About(
                        new TreeMap<>(Map.of("dns_name", name(service.service()).text(), "dns_ttl", "60")),
                        new TreeMap<>()));
    }

    protected static DnsName name(String service) {
        return new DnsName(service + "." + DOMAIN);
    }

    /** By a person's hand, whatever stands there. */
    protected abstract void put(RecordSet set) throws Exception;

    @Override
    protected void spoilByHand(String service, Target target) throws Exception {
        put(RecordSet.simple(name(service), "A", 60, List.of("192.0.2.9")));
    }
}
