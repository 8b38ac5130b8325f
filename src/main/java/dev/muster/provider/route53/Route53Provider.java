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
import java.util.LinkedHashMap;
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
import java.util.stream.Collectors;
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
    private final AllHealthChecks healthChecks;
    private final Possible possible;
    private final Lags lags;
    private final Duration timeout;
    private final Policy policy;
    private final RandomGenerator random;

    /** Whole, as it was last asked for, as far as it can be had. */
    private @Nullable SortedMap<String, ServiceTargets> told;

    private @Nullable Reading lookedAt;
    private @Nullable AllChecks checksThen;
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
        this.healthChecks = new AllHealthChecks(accounts, zones, leadership.group(), nanos, random, leadership::worked);
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
        Reading reading = reading();
        if (reading == lookedAt && told == toldThen && healthChecks.known() == checksThen) {
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
        bring(plan.desired(), decidedIn);
        if (makeChecks(plan.desired(), decidedIn)) {
            bring(plan.desired(), decidedIn);
        }
        disturbed = false;
        told = possible.of(plan.desired());
        healthChecks.observe(zones.known().all());
        removeChecks(decidedIn);
    }

    /** Everything for which what it takes is there. */
    private void bring(SortedMap<String, ServiceTargets> desired, OptionalLong decidedIn) throws ProviderException {
        for (int round = 1; round <= ROUNDS; round++) {
            Reading reading = reading();
            long epoch = leads(reading, decidedIn);
            RecordPlan.Planned planned = planned(reading, desired, epoch, this::nonce);
            planned.changes().forEach(change -> healthChecks.wanted(change.healthChecks()));
            Delivery delivery = deliver(desired, planned.ready(), epoch, round == ROUNDS);
            boolean again = leaveAlone(delivery, epoch, round == ROUNDS)
                    || !delivery.refused().isEmpty();
            if (!again) {
                break;
            } else if (round < ROUNDS) {
                zones.doubt();
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
        Reading reading = zones.known();
        long epoch = leads(reading, decidedIn);
        Map<Account, List<MissingCheck>> missing = new LinkedHashMap<>();
        planned(reading, desired, epoch, () -> "0")
                .missing()
                .forEach(one -> missing.computeIfAbsent(zones.account(one.zone()), any -> new ArrayList<>())
                        .add(one));
        for (Map.Entry<Account, List<MissingCheck>> some : missing.entrySet()) {
            inAccount(some.getKey(), account -> {
                for (MissingCheck one : some.getValue()) {
                    healthChecks.make(account, one, epoch, () -> mayBegin(epoch));
                }
            });
        }
        return !missing.isEmpty();
    }

    /** Some calls to one account. */
    private interface Calls {
        void to(Account account) throws AwsException;
    }

    /** Where one fails, nothing more is asked of that account for a while, and the others go on. */
    private void inAccount(Account account, Calls calls) throws ProviderException {
        try {
            calls.to(account);
        } catch (AwsException e) {
            failed(account, e);
        }
    }

    private void failed(Account account, AwsException why) throws ProviderException {
        try {
            zones.failed(account, why);
        } catch (AwsException e) {
            throw failure(e);
        }
    }

    /** By account, health checks that have to go, as far as that is known without a call. */
    private Map<Account, List<HealthCheck>> dueChecks() {
        return policy == Policy.SYNC ? healthChecks.due() : Map.of();
    }

    /**
     * Deletes health checks that no record names any more. Nothing compares for us here, so first every batch that may still be
     * under way is fenced out, and then the zones are read.
     */
    private void removeChecks(OptionalLong decidedIn) throws ProviderException {
        Map<Account, List<HealthCheck>> due = dueChecks();
        if (due.isEmpty()) {
            return;
        }
        long epoch = leads(zones.known(), decidedIn);
        Delivery delivery = delivery(epoch, true);
        due.values().forEach(some -> Checks.zones(some, zones.known().all()).forEach(delivery::fence));
        zones.doubt();
        leaveAlone(delivery, epoch, true);
        if (!delivery.refused().isEmpty()) {
            return;
        }
        Reading reading = reading();
        leads(reading, decidedIn);
        List<HealthCheck> unused = healthChecks.known().unused(reading.all());
        for (Map.Entry<Account, List<HealthCheck>> some : due.entrySet()) {
            inAccount(some.getKey(), account -> {
                for (HealthCheck check : some.getValue()) {
                    if (unused.contains(check)) {
                        healthChecks.letGo(account, check, () -> mayBegin(epoch));
                    }
                }
            });
        }
    }

    /**
     * Goes on without the accounts that take nothing more.
     *
     * @param last whether one of which it is only not known what became of its batch is tried no more
     * @return whether there is such a one that is
     * @throws ProviderException where none is left, or this watcher may not write any more
     */
    private boolean leaveAlone(Delivery delivery, long epoch, boolean last) throws ProviderException {
        if (!delivery.broken().isEmpty() && !mayBegin(epoch)) {
            throw failure(delivery.broken().values().iterator().next());
        }
        boolean again = false;
        for (Map.Entry<Account, AwsException> broken : delivery.broken().entrySet()) {
            boolean lost = broken.getValue().kind() == AwsException.Kind.LOST;
            if (lost) {
                zones.doubt();
            }
            if (lost && !last) {
                again = true;
            } else {
                failed(broken.getKey(), broken.getValue());
            }
        }
        return again;
    }

    private RecordPlan.Planned planned(
            Reading reading, SortedMap<String, ServiceTargets> desired, long epoch, Supplier<String> nonces) {
        RecordPlan.Planned all =
                RecordPlan.of(reading, healthChecks.known(), desired, leadership.group(), epoch, nonces);
        return policy == Policy.SYNC ? all : all.with(Upserts.of(all.changes(), reading.all()));
    }

    /** What is refused is left out, as it would be. */
    @Override
    public List<Effect> effects(Plan plan) throws ProviderException {
        Reading reading = reading();
        RecordPlan.Planned planned = planned(reading, plan.desired(), 0, () -> "0");
        List<Effect> effects = new ArrayList<>(Words.of(planned.changes()));
        List<HealthCheck> unused = policy == Policy.SYNC ? healthChecks.known().unused(reading.all()) : List.of();
        effects.addAll(Words.of(planned.missing(), unused));
        return effects;
    }

    @Override
    public Adoption adoption(String name, SortedMap<String, ServiceTargets> asked) throws ProviderException {
        Takeover takeover = Takeover.of(DnsName.parse(name), asked, reading(), leadership.group(), this::nonce);
        return new NameAdoption(takeover, zones.account(takeover.zone()).api());
    }

    private Delivery delivery(long epoch, boolean splits) {
        return new Delivery(zones, view -> fence(view).steps(view, epoch, nonce()), () -> mayBegin(epoch), splits);
    }

    private Delivery deliver(
            SortedMap<String, ServiceTargets> desired, List<NameChange> changes, long epoch, boolean splits) {
        Delivery delivery = delivery(epoch, splits);
        lags.remember(changes);
        delivery.send(changes.stream()
                .filter(change -> !change.onlyRemoves() && !change.leadsOn())
                .toList());
        delivery.send(changes.stream()
                .filter(NameChange::leadsOn)
                .filter(change -> hasRest(change, desired, delivery))
                .toList());
        unfenced(OptionalLong.of(epoch)).forEach(delivery::fence);
        delivery.send(changes.stream()
                .filter(NameChange::onlyRemoves)
                .filter(change -> hasRest(change, desired, delivery))
                .toList());
        return delivery;
    }

    /** Whether its services have got everything else, and nothing that an earlier leader has under way can take that away. */
    private static boolean hasRest(NameChange change, SortedMap<String, ServiceTargets> desired, Delivery delivery) {
        return change.services().stream()
                .noneMatch(service -> delivery.failed().containsKey(service)
                        || Optional.ofNullable(desired.get(service))
                                .filter(one -> delivery.isBroken(
                                        Reading.role(one.about().settings())))
                                .isPresent());
    }

    /** Another leader may be elected once this one's time is up, and whatever arrives after that comes too late. */
    private boolean mayBegin(long epoch) {
        return leadership.epoch().equals(OptionalLong.of(epoch))
                && leadership.left().compareTo(timeout) > 0;
    }

    /** @param decidedIn the epoch in which it was decided what is to be written */
    private long leads(Reading reading, OptionalLong decidedIn) throws ProviderException {
        OptionalLong epoch = overtaken(reading);
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
            Reading reading = zones.reading();
            healthChecks.read(askingForChecks(reading), epoch);
            healthChecks.observe(reading.all());
            return reading;
        } catch (AwsException e) {
            throw failure(e);
        }
    }

    /** By role, the accounts in whose zones a service asks for health checks that are to be made. */
    private Set<String> askingForChecks(Reading reading) {
        SortedMap<String, ServiceTargets> asked = told;
        return asked == null
                ? Set.of()
                : asked.values().stream()
                        .filter(Claims::asksForOwnCheck)
                        .flatMap(service -> reading.writers(service.about().settings()).stream())
                        .collect(Collectors.toSet());
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
