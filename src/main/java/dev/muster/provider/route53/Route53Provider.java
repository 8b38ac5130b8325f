package dev.muster.provider.route53;

import dev.muster.config.AwsConfig;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.route53.Route53Client;

/**
 * Names in Route 53. Beside each record stands a text that says whose it is and for which instances, and both change in one
 * batch, which names exactly what was there before: a batch of somebody who has not seen the last change fails whole.
 */
public final class Route53Provider implements Provider, Adopter {

    private static final Logger log = LoggerFactory.getLogger(Route53Provider.class);

    /**
     * Half of what an account has, since it may have other callers.
     *
     * @see <a href="https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/throttling-api-requests.html">Throttling</a>
     */
    private static final int CALLS_PER_SECOND = 5;

    /** Of what others have changed, so many are told one by one. */
    private static final int LINES = 20;

    private static final Duration INSYNC_PACE = Duration.ofSeconds(2);

    private final Leadership leadership;
    private final List<Account> accounts;
    private final Zones zones;
    private final AllHealthChecks healthChecks;
    private final Possible possible;
    private final Lags lags;
    private final LeadersView view;
    private final Planning planning;
    private final Bringing bringing;
    private final KeptNames keptNames;

    /** 32 bits: that a later write of the same epoch has the same one, and nothing else differs, is no danger anyway. */
    private final Supplier<String> nonces;

    /** Whole, as it was last asked for, as far as it can be had. */
    private @Nullable SortedMap<String, ServiceTargets> told;

    private @Nullable Reading lookedAt;
    private @Nullable AllChecks checksThen;
    private @Nullable SortedMap<String, ServiceTargets> toldThen;
    private SortedMap<String, ServiceTargets> found = new TreeMap<>();
    private boolean disturbed = true;

    /** In which epoch all that was told was brought about; empty while that is not so. */
    private OptionalLong broughtIn = OptionalLong.empty();

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
        this.view =
                new LeadersView(leadership, zones, healthChecks, config.aws().timeout());
        this.planning = new Planning(healthChecks, leadership.group(), config.policy());
        this.keptNames = new KeptNames(leadership.group(), planning.keepsAll());
        this.nonces = () -> "%08x".formatted(random.nextInt());
        this.bringing = new Bringing(view, zones, healthChecks, planning, possible, lags, nonces);
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
        Reading reading = view.reading(told);
        if (reading == lookedAt && told == toldThen && healthChecks.known() == checksThen) {
            return found;
        }
        view.overtaken(reading);
        SortedMap<String, ServiceTargets> now = new TreeMap<>(Found.in(reading.all(), leadership.group()));
        SortedMap<String, ServiceTargets> asked = told;
        if (asked != null) {
            RecordPlan.Planned left = planning.of(reading, asked, 0, () -> "0");
            Set<String> open = new HashSet<>(left.refused().keySet());
            open.addAll(Found.services(left.changes()));
            if (planning.keepsAll()) {
                // Nobody asks for it, and it stays all the same: that is how it is to be.
                now.keySet().removeIf(service -> !asked.containsKey(service) && !open.contains(service));
            }
            asked.forEach((service, targets) -> {
                if (!open.contains(service)) {
                    now.put(service, targets); // nothing would be written for it: it is what it is to be
                }
            });
            disturbed = !left.changes().isEmpty();
            sayWhatOthersDid(reading, left);
        }
        found = now;
        lookedAt = reading;
        checksThen = healthChecks.known();
        toldThen = told;
        return now;
    }

    /** All that was told had been brought about, and now, by a later reading, it is not so. */
    @SuppressWarnings("ReferenceEquality") // the same object is what was looked at before
    private void sayWhatOthersDid(Reading reading, RecordPlan.Planned left) {
        if (reading != lookedAt && broughtIn.isPresent() && broughtIn.equals(leadership.epoch())) {
            Words.putRight(left.changes()).stream()
                    .limit(LINES)
                    .forEach(what ->
                            log.warn("{}: what is ours was changed by somebody, putting it right: {}", name(), what));
        }
    }

    /** Also when this watcher leads and a leader before it may have something under way. */
    @Override
    public boolean disturbed() {
        OptionalLong epoch = leadership.epoch();
        return disturbed
                || !view.unfenced(epoch).isEmpty()
                || (epoch.isPresent() && !planning.due().isEmpty());
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
        broughtIn = OptionalLong.empty();
        OptionalLong decidedIn = leadership.epoch();
        bringing.bring(plan.desired(), decidedIn);
        disturbed = false;
        SortedMap<String, ServiceTargets> had = possible.of(plan.desired());
        told = had;
        broughtIn = decidedIn;
        healthChecks.observe(zones.known().all());
        bringing.removeChecks(had, decidedIn);
        keptNames.observe(zones.known().all(), had).forEach(stays -> log.info("{}: {}", name(), stays));
    }

    /** What is refused is left out, as it would be. */
    @Override
    public List<Effect> effects(Plan plan) throws ProviderException {
        Reading reading = view.reading(told);
        RecordPlan.Planned planned = planning.of(reading, plan.desired(), 0, () -> "0");
        List<Effect> effects = new ArrayList<>(Words.of(planned.changes()));
        effects.addAll(Words.of(planned.missing(), planning.unused(reading)));
        return effects;
    }

    @Override
    public Adoption adoption(String name, SortedMap<String, ServiceTargets> asked) throws ProviderException {
        Takeover takeover = Takeover.of(DnsName.parse(name), asked, view.reading(told), leadership.group(), nonces);
        return new NameAdoption(takeover, zones.account(takeover.zone()).api());
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
