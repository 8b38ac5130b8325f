package dev.muster.provider.route53;

import dev.muster.config.AwsConfig;
import dev.muster.config.Policy;
import dev.muster.config.Route53Config;
import dev.muster.provider.Leadership;
import dev.muster.provider.Provider;
import dev.muster.provider.aws.AwsCalls;
import dev.muster.provider.aws.TokenBucket;
import dev.muster.reconcile.FakeTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.route53.Route53Client;
import software.amazon.awssdk.services.route53.model.ChangeInfo;
import software.amazon.awssdk.services.route53.model.ChangeResourceRecordSetsRequest;
import software.amazon.awssdk.services.route53.model.ChangeResourceRecordSetsResponse;
import software.amazon.awssdk.services.route53.model.ChangeStatus;
import software.amazon.awssdk.services.route53.model.CreateHealthCheckRequest;
import software.amazon.awssdk.services.route53.model.CreateHealthCheckResponse;
import software.amazon.awssdk.services.route53.model.DeleteHealthCheckRequest;
import software.amazon.awssdk.services.route53.model.DeleteHealthCheckResponse;
import software.amazon.awssdk.services.route53.model.GetChangeRequest;
import software.amazon.awssdk.services.route53.model.GetChangeResponse;
import software.amazon.awssdk.services.route53.model.HealthCheck;
import software.amazon.awssdk.services.route53.model.HealthCheckAlreadyExistsException;
import software.amazon.awssdk.services.route53.model.HostedZone;
import software.amazon.awssdk.services.route53.model.ListHealthChecksRequest;
import software.amazon.awssdk.services.route53.model.ListHealthChecksResponse;
import software.amazon.awssdk.services.route53.model.ListHostedZonesRequest;
import software.amazon.awssdk.services.route53.model.ListHostedZonesResponse;
import software.amazon.awssdk.services.route53.model.ListResourceRecordSetsRequest;
import software.amazon.awssdk.services.route53.model.ListResourceRecordSetsResponse;
import software.amazon.awssdk.services.route53.model.NoSuchHealthCheckException;
import software.amazon.awssdk.services.route53.model.Route53Exception;

/**
 * A zone in memory to which whole providers write, through the SDK's own interface and a network that throttles, fails before
 * or after the effect, and brings a batch late: in a test's own time, and by its random numbers.
 */
public final class ZoneBehindNetwork {

    static final String ZONE = "example.com";

    private static final Duration TIMEOUT = Duration.ofSeconds(3);
    private static final Pattern EPOCH = Pattern.compile("epoch=(\\d+)");
    private static final String FOREIGN = "198.51.100.1";
    private static final String FOREIGN_CHECK = "0f1e2d3c-1111-2222-3333-444455556666";

    /** A batch that was done. */
    public record Done(boolean late, long epoch, long newestBefore) {}

    /** Told of every batch that was done. */
    public interface Witness {
        void before();

        void done(Done batch);

        /** A health check has come or gone. */
        void checked();
    }

    /** Whoever called is killed in the middle of it. */
    @SuppressWarnings("serial")
    public static final class Killed extends Error {}

    /** @param right what a batch would be if nothing were wrong: it says whose it is */
    private record Batch(List<FakeZone.Step> right, List<FakeZone.Step> steps) {}

    private final RandomGenerator random;
    private final FakeTime time;
    private final WrongNames wrong;
    private final Witness witness;
    private final FakeHealthChecks healthChecks = new FakeHealthChecks();
    private final FakeZone zone = new FakeZone(new Zone("Z1", new DnsName(ZONE), false), healthChecks);
    private final List<RecordSet> foreign = new ArrayList<>();
    private final List<Runnable> late = new ArrayList<>();
    private boolean troubled;
    private boolean down;
    private int done;
    private long newest;

    public ZoneBehindNetwork(RandomGenerator random, FakeTime time, WrongNames wrong, Witness witness) {
        this.random = random;
        this.time = time;
        this.wrong = wrong;
        this.witness = witness;
        healthChecks.put(FOREIGN_CHECK);
    }

    /** What one watcher drives it by. */
    public Provider provider(Leadership leadership, RandomGenerator ofProvider) {
        AwsConfig aws = new AwsConfig(Optional.empty(), Optional.empty(), TIMEOUT);
        return new Route53Provider(
                new Route53Config(aws, Set.of(), Duration.ofSeconds(60), Policy.SYNC),
                leadership,
                time::nanos,
                ofProvider,
                List.of(new Account(
                        Account.OWN,
                        aws,
                        new Client(),
                        new AwsCalls(new TokenBucket(5, 5, time::nanos), ofProvider, time::advance),
                        Duration.ofDays(1),
                        time::nanos,
                        ofProvider,
                        took -> {})));
    }

    /** Whether calls meet with anything. */
    public void troubled(boolean now) {
        troubled = now;
    }

    /** Whether nobody answers. */
    public void down(boolean now) {
        down = now;
    }

    /**
     * One of the calls that were under way for long is done now, if it still can be. The first batch of a group in a zone has no
     * fence before it (RATIONALE.md): here it is lost.
     */
    public void arrive() {
        if (!late.isEmpty()) {
            late.remove(random.nextInt(late.size())).run();
        }
    }

    public boolean hasLate() {
        return !late.isEmpty();
    }

    /** A person's own record, where there is none. */
    public void stranger(String name) {
        RecordSet set = RecordSet.simple(new DnsName(name), "A", 300, List.of(FOREIGN));
        if (zone.all().stream().noneMatch(one -> one.name().equals(set.name()))) {
            zone.put(set);
            foreign.add(set);
        }
    }

    public boolean isStrangers(String name) {
        return foreign.stream().anyMatch(set -> set.name().equals(new DnsName(name)));
    }

    /** Whether all that is not Muster's is as it was. */
    public boolean strangersAreThere() {
        return zone.all().containsAll(foreign);
    }

    /** The addresses of a name, empty where it is not there. */
    public SortedSet<String> addresses(String name) {
        return zone.all().stream()
                .filter(set ->
                        set.name().equals(new DnsName(name)) && set.type().equals("A"))
                .flatMap(set -> set.values().stream())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Whether every health check that a record names is there, and what is somebody else's too. */
    public boolean namedChecksAreThere() {
        return healthChecks.has(FOREIGN_CHECK) && named().stream().allMatch(healthChecks::has);
    }

    /** Whether every health check that is Muster's is named. */
    public boolean everyCheckIsNamed() {
        Set<String> named = named();
        return healthChecks.all().stream()
                .map(FakeHealthChecks.Check::id)
                .allMatch(id -> id.equals(FOREIGN_CHECK) || named.contains(id));
    }

    /** Whether each record of this name names a health check of this kind, or none of them does. */
    public boolean isCheckedBy(String name, Optional<String> type) {
        return zone.all().stream()
                .filter(set ->
                        set.name().equals(new DnsName(name)) && set.type().equals("A"))
                .allMatch(set -> type.equals(healthChecks.all().stream()
                        .filter(check -> check.id().equals(set.routing().healthCheck()))
                        .filter(check -> set.values().contains(check.config().ipAddress()))
                        .map(check -> check.config().typeAsString())
                        .findFirst()));
    }

    private Set<String> named() {
        return ZoneView.of(zone.zone, zone.all()).healthChecks();
    }

    /** Whether beside each record of Muster's stands its text, and the other way round. */
    public boolean pairsAreWhole(String group) {
        ZoneView view = ZoneView.of(zone.zone, zone.all());
        List<Owned> owned = Owned.of(view, group);
        Set<DnsName> ours = zone.all().stream()
                .filter(set -> set.type().equals("A") && !foreign.contains(set))
                .map(RecordSet::name)
                .collect(Collectors.toSet());
        return owned.size() == ours.size() && owned.stream().allMatch(one -> ours.contains(one.name()));
    }

    /** How many batches were done. */
    public int batches() {
        return done;
    }

    private boolean change(Batch batch, boolean isLate) {
        witness.before();
        try {
            zone.change(batch.steps());
        } catch (FakeZone.Refusal refused) {
            return false;
        }
        done++;
        long epoch = batch.right().stream()
                .filter(step -> !step.action().equals("DELETE"))
                .flatMap(step -> step.set().values().stream())
                .map(EPOCH::matcher)
                .filter(Matcher::find)
                .mapToLong(found -> Long.parseLong(found.group(1)))
                .max()
                .orElse(0);
        Done now = new Done(isLate, epoch, newest);
        newest = Math.max(newest, epoch);
        witness.done(now);
        return true;
    }

    private static SdkException said(int status, String code) {
        return (SdkException) Route53Exception.builder()
                .statusCode(status)
                .awsErrorDetails(AwsErrorDetails.builder()
                        .errorCode(code)
                        .errorMessage(code)
                        .build())
                .build();
    }

    private static SdkException nothing() {
        return SdkClientException.create("Read timed out");
    }

    private FakeHealthChecks.Check make(CreateHealthCheckRequest request) throws FakeZone.Refusal {
        if (wrong == WrongNames.NAMES_WHAT_MAY_GO) {
            Optional<FakeHealthChecks.Check> there = healthChecks.all().stream()
                    .filter(check -> check.config().equals(request.healthCheckConfig()))
                    .findFirst();
            if (there.isPresent()) {
                return there.get();
            }
        }
        FakeHealthChecks.Check made = healthChecks.create(request.callerReference(), request.healthCheckConfig());
        witness.checked();
        return made;
    }

    private void delete(String id) throws FakeZone.Refusal {
        healthChecks.delete(id);
        witness.checked();
    }

    /** The calls that Muster makes. */
    private final class Client implements Route53Client {

        private boolean happens(int oneIn) {
            return troubled && random.nextInt(oneIn) == 0;
        }

        /** At any call, before it or after it. */
        private void mayBeKilled() {
            if (happens(150)) {
                throw new Killed();
            }
        }

        private void read() {
            mayBeKilled();
            if (down) {
                time.advance(TIMEOUT);
                throw nothing();
            }
            if (happens(12)) {
                throw said(400, "Throttling");
            }
            if (happens(20)) {
                throw said(500, "InternalFailure");
            }
        }

        @Override
        public ListHostedZonesResponse listHostedZones(ListHostedZonesRequest request) {
            read();
            return ListHostedZonesResponse.builder()
                    .hostedZones(HostedZone.builder()
                            .id("/hostedzone/" + zone.zone.id())
                            .name(ZONE + ".")
                            .build())
                    .isTruncated(false)
                    .build();
        }

        @Override
        public ListResourceRecordSetsResponse listResourceRecordSets(ListResourceRecordSetsRequest request) {
            read();
            return ListResourceRecordSetsResponse.builder()
                    .resourceRecordSets(zone.all().stream()
                            .filter(set -> wrong != WrongNames.TAKES_WHAT_IS_THERE || !foreign.contains(set))
                            .map(Route53Api::set)
                            .toList())
                    .isTruncated(false)
                    .build();
        }

        @Override
        public ChangeResourceRecordSetsResponse changeResourceRecordSets(ChangeResourceRecordSetsRequest request) {
            List<FakeZone.Step> right = request.changeBatch().changes().stream()
                    .map(change ->
                            new FakeZone.Step(change.actionAsString(), Route53Api.set(change.resourceRecordSet())))
                    .toList();
            Batch batch = new Batch(right, wrong.steps(right));
            if (down) {
                time.advance(TIMEOUT);
                throw nothing();
            }
            mayBeKilled();
            if (happens(10)) {
                throw said(400, random.nextBoolean() ? "Throttling" : "PriorRequestNotComplete");
            }
            if (happens(10)) {
                late.add(() -> {
                    if (newest > 0) {
                        change(batch, true);
                    }
                });
                // Otherwise it looks and writes once more, and what is late meets its own later word.
                if (random.nextBoolean()) {
                    throw new Killed();
                }
                time.advance(TIMEOUT);
                throw nothing();
            }
            if (!change(batch, false)) {
                throw said(400, "InvalidChangeBatch");
            }
            mayBeKilled();
            if (happens(10)) {
                throw random.nextBoolean() ? nothing() : said(500, "InternalFailure");
            }
            return ChangeResourceRecordSetsResponse.builder()
                    .changeInfo(ChangeInfo.builder().id("C" + done).build())
                    .build();
        }

        /** Something that is done whole, or late, or not. */
        private interface Effect<T> {
            T done() throws FakeZone.Refusal;
        }

        private <T> T write(Effect<T> effect) {
            if (down) {
                time.advance(TIMEOUT);
                throw nothing();
            }
            mayBeKilled();
            if (happens(10)) {
                throw said(400, "Throttling");
            }
            if (happens(4)) {
                late.add(() -> {
                    try {
                        effect.done();
                    } catch (FakeZone.Refusal nobodyHearsOfIt) {
                        // whoever called has given up long ago
                    }
                });
                if (random.nextBoolean()) {
                    throw new Killed();
                }
                time.advance(TIMEOUT);
                throw nothing();
            }
            T done;
            try {
                done = effect.done();
            } catch (FakeZone.Refusal refused) {
                throw switch (refused.code) {
                    case "HealthCheckAlreadyExists" ->
                        HealthCheckAlreadyExistsException.builder().build();
                    case "NoSuchHealthCheck" ->
                        NoSuchHealthCheckException.builder().build();
                    default -> said(400, refused.code);
                };
            }
            mayBeKilled();
            if (happens(10)) {
                throw random.nextBoolean() ? nothing() : said(500, "InternalFailure");
            }
            return done;
        }

        @Override
        public ListHealthChecksResponse listHealthChecks(ListHealthChecksRequest request) {
            read();
            return ListHealthChecksResponse.builder()
                    .healthChecks(healthChecks.all().stream().map(Client::check).toList())
                    .isTruncated(false)
                    .build();
        }

        private static HealthCheck check(FakeHealthChecks.Check check) {
            return HealthCheck.builder()
                    .id(check.id())
                    .callerReference(check.reference())
                    .healthCheckConfig(check.config())
                    .build();
        }

        @Override
        public CreateHealthCheckResponse createHealthCheck(CreateHealthCheckRequest request) {
            return CreateHealthCheckResponse.builder()
                    .healthCheck(check(write(() -> make(request))))
                    .build();
        }

        @Override
        public DeleteHealthCheckResponse deleteHealthCheck(DeleteHealthCheckRequest request) {
            return write(() -> {
                delete(request.healthCheckId());
                return DeleteHealthCheckResponse.builder().build();
            });
        }

        @Override
        public GetChangeResponse getChange(GetChangeRequest request) {
            return GetChangeResponse.builder()
                    .changeInfo(ChangeInfo.builder().status(ChangeStatus.INSYNC).build())
                    .build();
        }

        @Override
        public String serviceName() {
            return Route53Client.SERVICE_NAME;
        }

        @Override
        public void close() {}
    }
}
