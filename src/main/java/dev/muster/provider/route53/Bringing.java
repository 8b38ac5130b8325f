package dev.muster.provider.route53;

import dev.muster.plan.ServiceTargets;
import dev.muster.provider.ProviderException;
import dev.muster.provider.aws.AwsException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.function.Supplier;

/**
 * Brings names to what is wanted of them: first those for which everything is there, then the health checks that others are to
 * name, then those others. What no record names any more goes last.
 */
final class Bringing {

    /** What was refused or lost by what was known is looked at once more, and tried once more where it still makes sense. */
    private static final int ROUNDS = 2;

    private final LeadersView view;
    private final Zones zones;
    private final AllHealthChecks healthChecks;
    private final Planning planning;
    private final Possible possible;
    private final Lags lags;
    private final Supplier<String> nonces;

    /** @param nonces one for each text that is written */
    Bringing(
            LeadersView view,
            Zones zones,
            AllHealthChecks healthChecks,
            Planning planning,
            Possible possible,
            Lags lags,
            Supplier<String> nonces) {
        this.view = view;
        this.zones = zones;
        this.healthChecks = healthChecks;
        this.planning = planning;
        this.possible = possible;
        this.lags = lags;
        this.nonces = nonces;
    }

    /**
     * @param desired by service, whole
     * @param decidedIn the epoch in which that was decided
     */
    void bring(SortedMap<String, ServiceTargets> desired, OptionalLong decidedIn) throws ProviderException {
        bringReady(desired, decidedIn);
        if (makeChecks(desired, decidedIn)) {
            bringReady(desired, decidedIn);
        }
    }

    /** Everything for which what it takes is there. */
    private void bringReady(SortedMap<String, ServiceTargets> desired, OptionalLong decidedIn)
            throws ProviderException {
        for (int round = 1; round <= ROUNDS; round++) {
            Reading reading = view.reading(desired);
            long epoch = view.leads(reading, decidedIn);
            RecordPlan.Planned planned = planning.of(reading, desired, epoch, nonces);
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
        long epoch = view.leads(reading, decidedIn);
        Map<Account, List<MissingCheck>> missing = new LinkedHashMap<>();
        planning.of(reading, desired, epoch, () -> "0")
                .missing()
                .forEach(one -> missing.computeIfAbsent(zones.account(one.zone()), any -> new ArrayList<>())
                        .add(one));
        for (Map.Entry<Account, List<MissingCheck>> some : missing.entrySet()) {
            inAccount(some.getKey(), account -> {
                for (MissingCheck one : some.getValue()) {
                    healthChecks.make(account, one, epoch, () -> view.mayBegin(epoch));
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
            throw LeadersView.failure(e);
        }
    }

    /**
     * Deletes health checks that no record names any more. Nothing compares for us here, so first every batch that may still be
     * under way is fenced out, and then the zones are read.
     *
     * @param had by service, what it has got
     */
    void removeChecks(SortedMap<String, ServiceTargets> had, OptionalLong decidedIn) throws ProviderException {
        Map<Account, List<HealthCheck>> due = planning.due();
        if (due.isEmpty()) {
            return;
        }
        long epoch = view.leads(zones.known(), decidedIn);
        Delivery delivery = delivery(epoch, true);
        due.values().forEach(some -> Checks.zones(some, zones.known().all()).forEach(delivery::fence));
        zones.doubt();
        leaveAlone(delivery, epoch, true);
        if (!delivery.refused().isEmpty()) {
            return;
        }
        Reading reading = view.reading(had);
        view.leads(reading, decidedIn);
        List<HealthCheck> unused = healthChecks.known().unused(reading.all());
        for (Map.Entry<Account, List<HealthCheck>> some : due.entrySet()) {
            inAccount(some.getKey(), account -> {
                for (HealthCheck check : some.getValue()) {
                    if (unused.contains(check)) {
                        healthChecks.letGo(account, check, () -> view.mayBegin(epoch));
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
        if (!delivery.broken().isEmpty() && !view.mayBegin(epoch)) {
            throw LeadersView.failure(delivery.broken().values().iterator().next());
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

    private Delivery delivery(long epoch, boolean splits) {
        return new Delivery(
                zones, zone -> view.fence(zone).steps(zone, epoch, nonces.get()), () -> view.mayBegin(epoch), splits);
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
        view.unfenced(OptionalLong.of(epoch)).forEach(delivery::fence);
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
}
