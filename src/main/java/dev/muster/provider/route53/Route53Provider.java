package dev.muster.provider.route53;

import dev.muster.config.AwsConfig;
import dev.muster.config.Policy;
import dev.muster.config.Route53Config;
import dev.muster.model.DnsSettings;
import dev.muster.plan.About;
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
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiFunction;
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
    private final List<Account> accounts;
    private final Zones zones;
    private final Possible possible;
    private final Duration timeout;
    private final Policy policy;
    private final RandomGenerator random;

    /** Whole, as it was last asked for, as far as it can be had. */
    private @Nullable SortedMap<String, ServiceTargets> told;

    /** By service, for how long after its last change somebody may still go by what was before. */
    private final Map<String, Duration> lags = new HashMap<>();

    private @Nullable Reading lookedAt;
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
                accounts(
                        config,
                        (role, aws) -> new Account(
                                role,
                                aws,
                                AwsClients.make(Route53Client.builder(), aws, "aws-global", secrets),
                                new AwsCalls(
                                        new TokenBucket(CALLS_PER_SECOND, CALLS_PER_SECOND, nanos),
                                        random,
                                        wait -> Thread.sleep(wait)),
                                INSYNC_PACE,
                                nanos,
                                random,
                                insync)));
    }

    /** The watcher's own first, then by role. */
    static List<Account> accounts(Route53Config config, BiFunction<String, AwsConfig, Account> opening) {
        List<Account> accounts = new ArrayList<>(List.of(opening.apply(Account.OWN, config.aws())));
        config.roles().forEach((role, aws) -> accounts.add(opening.apply(role, aws)));
        return accounts;
    }

    Route53Provider(
            Route53Config config,
            Leadership leadership,
            LongSupplier nanos,
            RandomGenerator random,
            List<Account> accounts) {
        this.leadership = leadership;
        this.accounts = List.copyOf(accounts);
        this.zones = new Zones(accounts, config.zones(), config.reread(), nanos, leadership::worked);
        this.possible = new Possible(zones, leadership.group(), nanos);
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
        Reading reading = reading();
        if (reading == lookedAt && told == toldThen) {
            return found;
        }
        overtaken(reading);
        SortedMap<String, ServiceTargets> now = new TreeMap<>(Found.in(reading.all(), leadership.group()));
        SortedMap<String, ServiceTargets> asked = told;
        if (asked != null) {
            RecordPlan.Planned left = planned(reading, asked, 0, () -> "0");
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
        lookedAt = reading;
        toldThen = told;
        return now;
    }

    /** Also when this watcher leads and a leader before it may have something under way. */
    @Override
    public boolean disturbed() {
        return disturbed || !unfenced(leadership.epoch()).isEmpty();
    }

    /** The zones in which a leader has written, and the last one that did was an earlier one. */
    private List<Zone> unfenced(OptionalLong epoch) {
        return zones.known().all().stream()
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
    public Optional<Refusal> unread(String service, About wanted) {
        return zones.known()
                .unread(wanted.settings(), found.containsKey(service))
                .map(why -> new Refusal("setting " + DnsSettings.ROLE, why + " (nothing of it is touched)"));
    }

    @Override
    public SortedMap<String, Refusal> refusals() {
        return possible.refusals();
    }

    @Override
    public void apply(Plan plan) throws ProviderException {
        told = plan.desired();
        OptionalLong decidedIn = leadership.epoch();
        for (int round = 1; round <= ROUNDS; round++) {
            Reading reading = reading();
            long epoch = leads(reading);
            if (!decidedIn.equals(OptionalLong.of(epoch))) {
                throw new ProviderException(
                        "nothing is written: another watcher has written since this was decided, and that is looked at first");
            }
            RecordPlan.Planned planned = planned(reading, plan.desired(), epoch, this::nonce);
            Delivery delivery = deliver(plan, planned.changes(), epoch, round == ROUNDS);
            if (!delivery.broken().isEmpty() && !mayBegin(epoch)) {
                throw failure(delivery.broken().values().iterator().next());
            }
            boolean again =
                    leaveAlone(delivery, round == ROUNDS) || !delivery.refused().isEmpty();
            if (!again) {
                break;
            } else if (round < ROUNDS) {
                zones.doubt();
            } else {
                possible.park(delivery.refused());
            }
        }
        disturbed = false;
        told = possible.of(plan.desired());
    }

    /**
     * Goes on without the accounts that take nothing more.
     *
     * @param last whether one of which it is only not known what became of its batch is tried no more
     * @return whether there is such a one that is
     * @throws ProviderException where none is left
     */
    private boolean leaveAlone(Delivery delivery, boolean last) throws ProviderException {
        boolean again = false;
        for (Map.Entry<Account, AwsException> broken : delivery.broken().entrySet()) {
            boolean lost = broken.getValue().kind() == AwsException.Kind.LOST;
            if (lost) {
                zones.doubt();
            }
            if (lost && !last) {
                again = true;
                continue;
            }
            try {
                zones.failed(broken.getKey(), broken.getValue());
            } catch (AwsException e) {
                throw failure(e);
            }
        }
        return again;
    }

    private RecordPlan.Planned planned(
            Reading reading, SortedMap<String, ServiceTargets> desired, long epoch, Supplier<String> nonces) {
        RecordPlan.Planned all = RecordPlan.of(reading, desired, leadership.group(), epoch, nonces);
        return policy == Policy.SYNC
                ? all
                : new RecordPlan.Planned(Upserts.of(all.changes(), reading.all()), all.refused());
    }

    /** What is refused is left out, as it would be. */
    @Override
    public List<Effect> effects(Plan plan) throws ProviderException {
        return Words.of(planned(reading(), plan.desired(), 0, () -> "0").changes());
    }

    @Override
    public Adoption adoption(String name, SortedMap<String, ServiceTargets> asked) throws ProviderException {
        Takeover takeover = Takeover.of(DnsName.parse(name), asked, reading(), leadership.group(), this::nonce);
        return new NameAdoption(takeover, zones.account(takeover.zone()).api());
    }

    private Delivery deliver(Plan plan, List<NameChange> changes, long epoch, boolean splits) {
        Delivery delivery =
                new Delivery(zones, view -> fence(view).steps(view, epoch, nonce()), () -> mayBegin(epoch), splits);
        remember(changes);
        delivery.send(changes.stream()
                .filter(change -> !change.onlyRemoves() && !change.leadsOn())
                .toList());
        delivery.send(changes.stream()
                .filter(NameChange::leadsOn)
                .filter(change -> hasRest(change, plan, delivery))
                .toList());
        unfenced(OptionalLong.of(epoch)).forEach(delivery::fence);
        delivery.send(changes.stream()
                .filter(NameChange::onlyRemoves)
                .filter(change -> hasRest(change, plan, delivery))
                .toList());
        return delivery;
    }

    /** Whether its services have got everything else, and nothing that an earlier leader has under way can take that away. */
    private static boolean hasRest(NameChange change, Plan plan, Delivery delivery) {
        return change.services().stream()
                .noneMatch(service -> delivery.failed().containsKey(service)
                        || Optional.ofNullable(plan.desired().get(service))
                                .filter(one -> delivery.isBroken(
                                        Reading.role(one.about().settings())))
                                .isPresent());
    }

    /** Another leader may be elected once this one's time is up, and whatever arrives after that comes too late. */
    private boolean mayBegin(long epoch) {
        return leadership.epoch().equals(OptionalLong.of(epoch))
                && leadership.left().compareTo(timeout) > 0;
    }

    private long leads(Reading reading) throws ProviderException {
        return overtaken(reading)
                .orElseThrow(() -> new ProviderException(
                        "nothing is written: this watcher does not lead the group " + leadership.group()));
    }

    /** Looks whether a later leader has written. @return the epoch in which this watcher leads, if it does */
    private OptionalLong overtaken(Reading reading) {
        OptionalLong ours = leadership.epoch();
        long seen = Found.epoch(reading.all(), leadership.group());
        return ours.isPresent() && seen > ours.getAsLong() ? leadership.surpassed(seen) : ours;
    }

    /** In each term anew: what is known from an earlier one is from before somebody else led. */
    private Reading reading() throws ProviderException {
        OptionalLong epoch = leadership.epoch();
        if (epoch.isPresent() && !epoch.equals(readIn)) {
            zones.doubt();
            readIn = epoch;
        }
        try {
            return zones.reading();
        } catch (AwsException e) {
            throw failure(e);
        }
    }

    /** Whoever has asked before these changes goes by what stood there then, or by that nothing did. */
    private void remember(List<NameChange> changes) {
        Map<String, Duration> now = new HashMap<>();
        for (NameChange change : changes) {
            lag(change)
                    .ifPresent(lag -> change.services()
                            .forEach(service ->
                                    now.merge(service, lag, (one, other) -> one.compareTo(other) > 0 ? one : other)));
        }
        lags.putAll(now);
    }

    /** Empty where only what the text says of instances differs. */
    private Optional<Duration> lag(NameChange change) {
        List<RecordChange> ofRecords = change.changes().stream()
                .filter(one -> Claims.TYPES.contains(one.set().type()))
                .toList();
        if (ofRecords.isEmpty()) {
            return Optional.empty();
        }
        long before = ofRecords.stream()
                .filter(one -> one.action() == RecordChange.Action.DELETE)
                .mapToLong(one -> one.set().ttlSeconds())
                .max()
                .orElseGet(() -> zones.known()
                        .view(change.zone())
                        .map(ZoneView::negativeTtlSeconds)
                        .orElse(0L));
        return Optional.of(Duration.ofSeconds(before));
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
        Optional<Duration> lag = Optional.ofNullable(lags.get(service));
        return Stream.of(now, lag).flatMap(Optional::stream).max(Comparator.naturalOrder());
    }

    /** Batches that not every name server has yet. */
    @Override
    public int underWay() {
        return accounts.stream().mapToInt(account -> account.insync().waiting()).sum();
    }

    @Override
    public Map<String, Spread> spreads() {
        Map<String, Spread> spreads = new HashMap<>();
        accounts.forEach(account -> account.insync()
                .spreads()
                .forEach((service, spread) ->
                        spreads.merge(service, spread, (one, other) -> one.at().isAfter(other.at()) ? one : other)));
        return spreads;
    }

    /** Calls that were made. */
    public long calls() {
        return accounts.stream().mapToLong(account -> account.calls().made()).sum();
    }

    /** Of these, the ones that came too soon for AWS. */
    public long throttled() {
        return accounts.stream()
                .mapToLong(account -> account.calls().throttled())
                .sum();
    }

    /** Whether an account is left alone, since it could not be read or written. From any thread. */
    public boolean isUnread(String role) {
        return zones.known().unread().containsKey(role);
    }

    @Override
    public void close() {
        accounts.forEach(Account::close);
    }
}
