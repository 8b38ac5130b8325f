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
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.route53.Route53Client;
import software.amazon.awssdk.services.route53.model.ChangeInfo;
import software.amazon.awssdk.services.route53.model.ChangeResourceRecordSetsRequest;
import software.amazon.awssdk.services.route53.model.ChangeResourceRecordSetsResponse;
import software.amazon.awssdk.services.route53.model.ChangeStatus;
import software.amazon.awssdk.services.route53.model.GetChangeRequest;
import software.amazon.awssdk.services.route53.model.GetChangeResponse;
import software.amazon.awssdk.services.route53.model.HostedZone;
import software.amazon.awssdk.services.route53.model.ListHostedZonesRequest;
import software.amazon.awssdk.services.route53.model.ListHostedZonesResponse;
import software.amazon.awssdk.services.route53.model.ListResourceRecordSetsRequest;
import software.amazon.awssdk.services.route53.model.ListResourceRecordSetsResponse;
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

    /** A batch that was done. */
    public record Done(boolean late, long epoch, long newestBefore) {}

    /** Told of every batch that was done. */
    public interface Witness {
        void before();

        void done(Done batch);
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
    private final FakeZone zone = new FakeZone(new Zone("Z1", new DnsName(ZONE), false));
    private final List<RecordSet> foreign = new ArrayList<>();
    private final List<Batch> late = new ArrayList<>();
    private boolean troubled;
    private boolean down;
    private int done;
    private long newest;

    public ZoneBehindNetwork(RandomGenerator random, FakeTime time, WrongNames wrong, Witness witness) {
        this.random = random;
        this.time = time;
        this.wrong = wrong;
        this.witness = witness;
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
     * One of the batches that were under way for long is done now, if it still can be. The first one of a group in a zone has no
     * fence before it (RATIONALE.md): here it is lost.
     */
    public void arrive() {
        if (newest == 0) {
            late.clear();
        }
        if (!late.isEmpty()) {
            change(late.remove(random.nextInt(late.size())), true);
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
                .findFirst()
                .map(set -> (SortedSet<String>) new TreeSet<>(set.values()))
                .orElseGet(TreeSet::new);
    }

    /** Whether beside each record of Muster's stands its text, and the other way round. */
    public boolean pairsAreWhole(String group) {
        ZoneView view = ZoneView.of(zone.zone, zone.all());
        List<Owned> owned = Owned.of(view, group);
        long ours = zone.all().stream()
                .filter(set -> set.type().equals("A") && !foreign.contains(set))
                .count();
        return owned.size() == ours
                && owned.stream()
                        .allMatch(one -> view.all(one.name(), one.type()).size() == 1);
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

    /** The four calls that Muster makes. */
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
                late.add(batch);
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
