package dev.muster.provider.route53;

import dev.muster.config.Policy;
import dev.muster.config.Route53Config;
import dev.muster.plan.Effect;
import dev.muster.plan.Plan;
import dev.muster.plan.Refusal;
import dev.muster.plan.ServiceTargets;
import dev.muster.plan.Spread;
import dev.muster.provider.Adopter;
import dev.muster.provider.Adoption;
import dev.muster.provider.Leadership;
import dev.muster.provider.Provider;
import dev.muster.provider.ProviderException;
import dev.muster.provider.Secrets;
import dev.muster.provider.aws.AwsCalls;
import dev.muster.provider.aws.AwsClients;
import dev.muster.provider.aws.AwsException;
import dev.muster.provider.aws.TokenBucket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.route53.Route53Client;

/**
 * Names in Route 53. Beside each record stands a text that says whose it is and for which instances, and both change in one
 * batch, which names exactly what was there before: a batch of somebody who has not seen the last change fails whole.
 */
public final class Route53Provider implements Provider, Adopter {

    /**
     * Half of what an account has, since it may have other callers.
     *
     * @see <a href="https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/throttling-api-requests.html">Throttling</a>
     */
    private static final int CALLS_PER_SECOND = 5;

    private static final Duration INSYNC_PACE = Duration.ofSeconds(2);

    /** What was refused or lost by what was known is looked at once more, and tried once more where it still makes sense. */
    private static final int ROUNDS = 2;

    private final Leadership leadership;
    private final AwsCalls calls;
    private final Route53Api api;
    private final Zones zones;
    private final Insync insync;
    private final HealthChecks healthChecks;
    private final Possible possible;
    private final Lags lags;
    private final Duration timeout;
    private final Policy policy;
    private final RandomGenerator random;

    /** Whole, as it was last asked for, as far as it can be had. */
    private @Nullable SortedMap<String, ServiceTargets> told;

    private @Nullable Collection<ZoneView> lookedAt;
    private @Nullable Checks checksThen;
    private @Nullable SortedMap<String, ServiceTargets> toldThen;
    private SortedMap<String, ServiceTargets> found = new TreeMap<>();
    private boolean disturbed = true;
    private OptionalLong readIn = OptionalLong.empty();

    /**
     * @param secrets read where the keys of whoever calls are kept there
     * @param nanos a monotonic clock
     * @param insync told of each batch how long it took until every name server had it, from another thread
     */
    public Route53Provider(
            Route53Config config,
            Leadership leadership,
            Secrets secrets,
            LongSupplier nanos,
            RandomGenerator random,
            Consumer<Duration> insync) {
        this(
                config,
                leadership,
                nanos,
                random,
                insync,
                AwsClients.make(Route53Client.builder(), config.aws(), "aws-global", secrets),
                new AwsCalls(
                        new TokenBucket(CALLS_PER_SECOND, CALLS_PER_SECOND, nanos), random, wait -> Thread.sleep(wait)),
                INSYNC_PACE);
    }

    Route53Provider(
            Route53Config config,
            Leadership leadership,
            LongSupplier nanos,
            RandomGenerator random,
            Consumer<Duration> insync,
            Route53Client client,
            AwsCalls calls,
            Duration insyncPace) {
        this.leadership = leadership;
        this.calls = calls;
        this.api = new Route53Api(client, calls);
        this.zones = new Zones(api, config.zones(), config.reread(), nanos, leadership::worked);
        this.insync = new Insync(api, insyncPace, nanos, insync);
        this.healthChecks = new HealthChecks(api, leadership.group(), this.insync, nanos, leadership::worked);
        this.lags = new Lags(zones);
        this.possible = new Possible(zones, healthChecks, leadership.group(), nanos);
        this.timeout = config.aws().timeout();
        this.policy = config.policy();
        this.random = random;
    }

    @Override
    public String name() {
        return "route53";
    }

    @Override
    public boolean synchronous() {
        return false;
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // the same object is what was looked at before
    public SortedMap<String, ServiceTargets> actual() throws ProviderException {
        Collection<ZoneView> views = views();
        if (views == lookedAt && told == toldThen && healthChecks.known() == checksThen) {
            return found;
        }
        overtaken(views);
        SortedMap<String, ServiceTargets> now = new TreeMap<>(Found.in(views, leadership.group()));
        SortedMap<String, ServiceTargets> asked = told;
        if (asked != null) {
            RecordPlan.Planned left = planned(views, asked, 0, () -> "0");
            Set<String> open = new HashSet<>(left.refused().keySet());
            open.addAll(Found.services(left.changes()));
            if (policy == Policy.UPSERT_ONLY) {
                // Nobody asks for it, and it stays all the same: that is how it is to be.
                now.keySet().removeIf(service -> !asked.containsKey(service) && !open.contains(service));
            }
            asked.forEach((service, targets) -> {
                if (!open.contains(service)) {
                    now.put(service, targets); // nothing would be written for it: it is what it is to be
                }
            });
            disturbed = !left.changes().isEmpty();
        }
        found = now;
        lookedAt = views;
        checksThen = healthChecks.known();
        toldThen = told;
        return now;
    }

    /** Also when this watcher leads and a leader before it may have something under way. */
    @Override
    public boolean disturbed() {
        OptionalLong epoch = leadership.epoch();
        return disturbed
                || !unfenced(epoch).isEmpty()
                || (epoch.isPresent() && !dueChecks().isEmpty());
    }

    /** The zones in which a leader has written, and the last one that did was an earlier one. */
    private List<Zone> unfenced(OptionalLong epoch) {
        return zones.known().stream()
                .filter(view -> fence(view).epoch(view).orElse(Long.MAX_VALUE) < epoch.orElse(0))
                .map(ZoneView::zone)
                .toList();
    }

    private Fence fence(ZoneView view) {
        return new Fence(view.zone(), leadership.group());
    }

    @Override
    public SortedMap<String, ServiceTargets> possible(SortedMap<String, ServiceTargets> desired) {
        return possible.of(desired);
    }

    @Override
    public SortedMap<String, Refusal> refusals() {
        return possible.refusals();
    }

    @Override
    public void apply(Plan plan) throws ProviderException {
        told = plan.desired();
        OptionalLong decidedIn = leadership.epoch();
        bring(plan.desired(), decidedIn);
        if (makeChecks(plan.desired(), decidedIn)) {
            bring(plan.desired(), decidedIn);
        }
        disturbed = false;
        told = possible.of(plan.desired());
        healthChecks.observe(zones.known());
        removeChecks(decidedIn);
    }

    /** Everything for which what it takes is there. */
    private void bring(SortedMap<String, ServiceTargets> desired, OptionalLong decidedIn) throws ProviderException {
        for (int round = 1; round <= ROUNDS; round++) {
            Collection<ZoneView> views = views();
            long epoch = leads(views, decidedIn);
            RecordPlan.Planned planned = planned(views, desired, epoch, this::nonce);
            planned.changes().forEach(change -> healthChecks.wanted(change.healthChecks()));
            Delivery delivery = deliver(planned.ready(), epoch, round == ROUNDS);
            if (delivery.refused().isEmpty() && delivery.lost().isEmpty()) {
                break;
            }
            if (round < ROUNDS) {
                zones.doubt();
            } else if (delivery.lost().isPresent()) {
                zones.doubt();
                throw failure(delivery.lost().get());
            } else {
                possible.park(delivery.refused());
            }
        }
    }

    /**
     * Those that records are to name. After everything that needs none, which must not wait for them.
     *
     * @return whether there were any
     */
    private boolean makeChecks(SortedMap<String, ServiceTargets> desired, OptionalLong decidedIn)
            throws ProviderException {
        Collection<ZoneView> views = zones.known();
        long epoch = leads(views, decidedIn);
        List<MissingCheck> missing = planned(views, desired, epoch, () -> "0").missing();
        try {
            for (MissingCheck one : missing) {
                healthChecks.make(one, epoch, () -> mayBegin(epoch));
            }
        } catch (AwsException e) {
            throw failure(e);
        }
        return !missing.isEmpty();
    }

    /** Health checks that have to go, as far as that is known without a call. */
    private List<HealthCheck> dueChecks() {
        return policy == Policy.SYNC ? healthChecks.due() : List.of();
    }

    /**
     * Deletes health checks that no record names any more. Nothing compares for us here, so first every batch that may still be
     * under way is fenced out, and then the zones are read.
     */
    private void removeChecks(OptionalLong decidedIn) throws ProviderException {
        List<HealthCheck> due = dueChecks();
        if (due.isEmpty()) {
            return;
        }
        try {
            long epoch = leads(zones.known(), decidedIn);
            Delivery delivery = delivery(epoch, true);
            for (Zone zone : Checks.zones(due, zones.known())) {
                delivery.fence(zone);
            }
            zones.doubt();
            if (delivery.lost().isPresent()) {
                throw failure(delivery.lost().get());
            }
            Collection<ZoneView> views = views();
            leads(views, decidedIn);
            List<HealthCheck> unused = healthChecks.known().unused(views);
            for (HealthCheck check : due) {
                if (unused.contains(check) && delivery.refused().isEmpty()) {
                    healthChecks.letGo(check, () -> mayBegin(epoch));
                }
            }
        } catch (AwsException e) {
            throw failure(e);
        }
    }

    private RecordPlan.Planned planned(
            Collection<ZoneView> views,
            SortedMap<String, ServiceTargets> desired,
            long epoch,
            Supplier<String> nonces) {
        RecordPlan.Planned all = RecordPlan.of(views, healthChecks.known(), desired, leadership.group(), epoch, nonces);
        return policy == Policy.SYNC ? all : all.with(Upserts.of(all.changes(), views));
    }

    /** What is refused is left out, as it would be. */
    @Override
    public List<Effect> effects(Plan plan) throws ProviderException {
        Collection<ZoneView> views = views();
        RecordPlan.Planned planned = planned(views, plan.desired(), 0, () -> "0");
        List<Effect> effects = new ArrayList<>(Words.of(planned.changes()));
        List<HealthCheck> unused = policy == Policy.SYNC ? healthChecks.known().unused(views) : List.of();
        effects.addAll(Words.of(planned.missing(), unused));
        return effects;
    }

    @Override
    public Adoption adoption(String name, SortedMap<String, ServiceTargets> asked) throws ProviderException {
        return new NameAdoption(Takeover.of(DnsName.parse(name), asked, views(), leadership.group(), this::nonce), api);
    }

    private Delivery delivery(long epoch, boolean splits) {
        return new Delivery(
                api, zones, insync, view -> fence(view).steps(view, epoch, nonce()), () -> mayBegin(epoch), splits);
    }

    private Delivery deliver(List<NameChange> changes, long epoch, boolean splits) throws ProviderException {
        Delivery delivery = delivery(epoch, splits);
        lags.remember(changes);
        try {
            delivery.send(changes.stream()
                    .filter(change -> !change.onlyRemoves() && !change.leadsOn())
                    .toList());
            delivery.send(changes.stream()
                    .filter(NameChange::leadsOn)
                    .filter(change -> hasRest(change, delivery))
                    .toList());
            for (Zone zone : unfenced(OptionalLong.of(epoch))) {
                delivery.fence(zone);
            }
            delivery.send(changes.stream()
                    .filter(NameChange::onlyRemoves)
                    .filter(change -> hasRest(change, delivery))
                    .toList());
        } catch (AwsException e) {
            throw failure(e);
        }
        return delivery;
    }

    /** Whether its services have got everything else. */
    private static boolean hasRest(NameChange change, Delivery delivery) {
        return change.services().stream().noneMatch(service -> delivery.failed().containsKey(service));
    }

    /** Another leader may be elected once this one's time is up, and whatever arrives after that comes too late. */
    private boolean mayBegin(long epoch) {
        return leadership.epoch().equals(OptionalLong.of(epoch))
                && leadership.left().compareTo(timeout) > 0;
    }

    /** @param decidedIn the epoch in which it was decided what is to be written */
    private long leads(Collection<ZoneView> views, OptionalLong decidedIn) throws ProviderException {
        OptionalLong epoch = overtaken(views);
        if (epoch.isEmpty()) {
            throw new ProviderException(
                    "nothing is written: this watcher does not lead the group " + leadership.group());
        }
        if (!decidedIn.equals(epoch)) {
            throw new ProviderException(
                    "nothing is written: another watcher has written since this was decided, and that is looked at first");
        }
        return epoch.getAsLong();
    }

    /** Looks whether a later leader has written. @return the epoch in which this watcher leads, if it does */
    private OptionalLong overtaken(Collection<ZoneView> views) {
        OptionalLong ours = leadership.epoch();
        long seen = Found.epoch(views, leadership.group());
        return ours.isPresent() && seen > ours.getAsLong() ? leadership.surpassed(seen) : ours;
    }

    /** In each term anew: what is known from an earlier one is from before somebody else led. */
    private Collection<ZoneView> views() throws ProviderException {
        OptionalLong epoch = leadership.epoch();
        if (epoch.isPresent() && !epoch.equals(readIn)) {
            zones.doubt();
            readIn = epoch;
        }
        try {
            Collection<ZoneView> views = zones.views();
            healthChecks.read(zones.readings(), asksForChecks(), epoch);
            healthChecks.observe(views);
            return views;
        } catch (AwsException e) {
            throw failure(e);
        }
    }

    private boolean asksForChecks() {
        SortedMap<String, ServiceTargets> asked = told;
        return asked != null && asked.values().stream().anyMatch(Claims::asksForOwnCheck);
    }

    private static ProviderException failure(AwsException e) {
        return new ProviderException(String.valueOf(e.getMessage()), e);
    }

    /** 32 bits: that a later write of the same epoch has the same one, and nothing else differs, is no danger anyway. */
    private String nonce() {
        return "%08x".formatted(random.nextInt());
    }

    /** By the time to live of what was there before the last change; that every name server has it comes on top. */
    @Override
    public Optional<Duration> safeAfter(String service) {
        SortedMap<String, ServiceTargets> asked = told;
        Optional<Duration> now = Optional.ofNullable((asked == null ? found : asked).get(service))
                .map(one ->
                        Duration.ofSeconds(Asked.ttlSeconds(one.about().settings(), () -> Asked.DEFAULT_TTL_SECONDS)));
        return Stream.of(now, lags.of(service)).flatMap(Optional::stream).max(Comparator.naturalOrder());
    }

    /** Batches that not every name server has yet. */
    @Override
    public int underWay() {
        return insync.waiting();
    }

    @Override
    public Map<String, Spread> spreads() {
        return insync.spreads();
    }

    /** Calls that were made. */
    public long calls() {
        return calls.made();
    }

    /** Of these, the ones that came too soon for AWS. */
    public long throttled() {
        return calls.throttled();
    }

    @Override
    public void close() {
        insync.close();
        api.close();
    }
}
