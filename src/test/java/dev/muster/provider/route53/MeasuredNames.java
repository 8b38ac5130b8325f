package dev.muster.provider.route53;

import dev.muster.config.AwsConfig;
import dev.muster.config.Policy;
import dev.muster.config.Route53Config;
import dev.muster.plan.Diff;
import dev.muster.plan.ServiceTargets;
import dev.muster.provider.FakeLeadership;
import dev.muster.provider.aws.AwsCalls;
import dev.muster.provider.aws.AwsClients;
import dev.muster.provider.aws.TokenBucket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import software.amazon.awssdk.services.route53.Route53Client;

/** Very many names, driven over the wire as a watcher drives them, at the rate that Route 53 allows. */
public final class MeasuredNames implements AutoCloseable {

    private static final String ZONE = "Z0123456789";
    private static final int PER_SECOND = 5;

    /**
     * @param fewest batches that its values and characters allow
     * @param floor what its calls take at the rate, whatever else is done
     */
    public record Change(int batches, int fewest, int calls, Duration took, Duration floor) {}

    private final FakeRoute53 route53 = new FakeRoute53();
    private final int names;

    public MeasuredNames(int names) {
        this.names = names;
        System.setProperty("aws.accessKeyId", "AKIDEXAMPLE");
        System.setProperty("aws.secretAccessKey", "not-a-secret");
        route53.zone(ZONE, "example.com", false);
    }

    private SortedMap<String, ServiceTargets> all(String address) {
        return NamedServices.all(IntStream.range(0, names)
                .mapToObj(n -> NamedServices.up("service-%05d".formatted(n), address))
                .toArray(ServiceTargets[]::new));
    }

    private Route53Provider open(LongSupplier nanos, AwsCalls.Pause pause, Duration reread) {
        AwsConfig aws = new AwsConfig(Optional.empty(), Optional.of(route53.endpoint()), Duration.ofSeconds(3));
        return new Route53Provider(
                new Route53Config(aws, Set.of(ZONE), reread, Policy.SYNC),
                new FakeLeadership("route53", 1),
                nanos,
                new Random(1),
                List.of(new Account(
                        Account.OWN,
                        aws,
                        AwsClients.make(Route53Client.builder(), aws, "aws-global", path -> Optional.empty()),
                        new AwsCalls(new TokenBucket(PER_SECOND, PER_SECOND, nanos), new Random(1), pause),
                        Duration.ofHours(1),
                        nanos,
                        new Random(1),
                        took -> {})));
    }

    /** All of them lead elsewhere, at once. */
    public Change change() throws Exception {
        try (Route53Provider provider = open(System::nanoTime, wait -> Thread.sleep(wait), Duration.ofHours(1))) {
            provider.apply(Diff.between(all("203.0.113.5"), provider.actual()));
            int calls = route53.calls().size();
            int batches = route53.batches().size();
            long begun = System.nanoTime();
            provider.apply(Diff.between(all("203.0.113.6"), provider.actual()));
            Duration took = Duration.ofNanos(System.nanoTime() - begun);
            int made = route53.calls().size() - calls;
            long values = route53.batches().stream()
                    .skip(batches)
                    .flatMap(batch -> batch.stream())
                    .mapToLong(step -> step.set().records())
                    .sum();
            long characters = route53.batches().stream()
                    .skip(batches)
                    .flatMap(batch -> batch.stream())
                    .mapToLong(step -> step.set().characters())
                    .sum();
            return new Change(
                    route53.batches().size() - batches,
                    (int) Math.max(Math.ceilDiv(values, 1000), Math.ceilDiv(characters, 32_000)),
                    made,
                    took,
                    Duration.ofMillis(1000L * Math.max(0, made - PER_SECOND) / PER_SECOND));
        }
    }

    /** In step, for an hour of the provider's own time, looked at every two seconds. @return calls of that hour, all of them reads */
    public long callsOfAnHour(Duration reread) throws Exception {
        AtomicLong nanos = new AtomicLong();
        try (Route53Provider provider = open(nanos::get, wait -> nanos.addAndGet(wait.toNanos()), reread)) {
            SortedMap<String, ServiceTargets> desired = all("203.0.113.6");
            provider.apply(Diff.between(desired, provider.actual()));
            int before = route53.calls().size();
            int batches = route53.batches().size();
            long end = nanos.get() + Duration.ofHours(1).toNanos();
            while (nanos.get() < end) {
                if (!Diff.between(desired, provider.actual()).changes().isEmpty()) {
                    throw new IllegalStateException("it is not in step");
                }
                nanos.addAndGet(Duration.ofSeconds(2).toNanos());
            }
            if (route53.batches().size() != batches) {
                throw new IllegalStateException("something was written");
            }
            return (long) route53.calls().size() - before;
        }
    }

    @Override
    public void close() {
        route53.close();
    }
}
