package dev.muster.watcher;

import dev.muster.model.CheckSpec;
import dev.muster.model.DnsSettings;
import dev.muster.model.PersistentMap;
import dev.muster.model.Target;
import dev.muster.plan.About;
import dev.muster.plan.Decision;
import dev.muster.plan.Facts;
import dev.muster.plan.Refusal;
import dev.muster.plan.ServiceTargets;
import dev.muster.plan.Serving;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/** Decides what the services that a look goes over are to be at one provider. */
final class Deciding {

    private final Function<Facts, Decision> guard;
    private final Overrules overrules;
    private final Wants wants;
    private final Bookkeeping books;
    private final Settled settled;
    private final Shapes shapes;

    /** By service that was announced and is not steered yet, the revision that the catalog must have reached first. */
    private final Map<String, Long> awaited = new HashMap<>();

    private final SortedMap<String, Decision> guarded = new TreeMap<>();
    private SortedMap<Target, CheckSpec> toProbe = new TreeMap<>();

    Deciding(
            Function<Facts, Decision> guard,
            Overrules overrules,
            Wants wants,
            Bookkeeping books,
            Settled settled,
            Shapes shapes) {
        this.guard = guard;
        this.overrules = overrules;
        this.wants = wants;
        this.books = books;
        this.settled = settled;
        this.shapes = shapes;
    }

    /** What is missed and must be asked whether it still answers. */
    SortedMap<Target, CheckSpec> toProbe() {
        return toProbe;
    }

    /** By service, the decisions by which something is held, or kept in service although its check fails. */
    SortedMap<String, Decision> guarded() {
        return guarded;
    }

    /** These are not steered by a catalog that is older than their records. */
    void await(Set<String> services, long revision) {
        services.forEach(service -> awaited.put(service, revision));
    }

    boolean awaits() {
        return !awaited.isEmpty();
    }

    /**
     * What all services are to be.
     *
     * @param services that are decided; the others are to be what they are
     * @param unread those of which nothing is decided: what stands of them stays
     * @param anew is given the decisions but of settled services, which have nothing that drains or is held
     */
    PersistentMap<String, ServiceTargets> decide(
            Sight sight,
            Set<String> services,
            SortedMap<String, ServiceTargets> actual,
            SortedMap<String, Refusal> unread,
            SortedMap<String, Decision> anew) {
        SortedMap<Target, CheckSpec> unanswered = new TreeMap<>();
        awaited.values().removeIf(revision -> sight.catalog().revision() >= revision || !sight.synced());
        shapes.begin();
        for (String service : services) {
            Optional<ServiceTargets> found = Optional.ofNullable(actual.get(service));
            if (!isSteered(service, found)) {
                leave(service);
                continue;
            }
            DesiredTargets want = wants.of(service);
            SettingsReading.Said said = shapes.said(sight, service, found);
            if (unread.containsKey(service)) {
                leave(service);
                books.seen(service, want);
                found.ifPresent(there -> shapes.leave(asking(want, there), said, want.since()));
                continue;
            }
            if (found.isPresent() && waits(service, found.get())) {
                // Its place stands and stays; what is to serve there waits as it would without one.
                leave(service);
                shapes.leave(found.get(), said, want.since());
                continue;
            }
            if (shapes.had(service, said) && isUnchanged(service, sight, found)) {
                shapes.keep(service);
                continue;
            }
            Decision decision = decide(sight, service, want, found);
            anew.put(service, decision);
            guarded.remove(service);
            if (!decision.holds().isEmpty() || decision.failOpen()) {
                guarded.put(service, decision);
            }
            decision.holds().forEach(hold -> unanswered.put(hold.target(), check(decision, hold.target())));
            shapes.drop(service);
            if (!decision.serving().isEmpty() || want.stands()) {
                shapes.put(service, want, decision, said, found);
            }
        }
        toProbe = unanswered;
        return shapes.routed(services, actual);
    }

    private Decision decide(Sight sight, String service, DesiredTargets want, Optional<ServiceTargets> found) {
        Known known = books.recall(service, found);
        return guard.apply(new Facts(
                sight.now(),
                sight.synced(),
                sight.unsettledUntil(),
                known.serving(),
                want.targets(),
                wants.goodbyes(service),
                sight.probes(),
                known.sizes(),
                overrules.of(books.key(service), DnsSettings.said(want.about().settings(), DnsSettings.NAME))));
    }

    /**
     * Whether it is wanted, known, recorded or there; but nothing new is steered before its record is, and known to be, there.
     * What stands there already is steered all the same: to leave it out would be to remove it.
     */
    private boolean isSteered(String service, Optional<ServiceTargets> found) {
        if (found.isPresent()) {
            return true;
        }
        if (awaited.containsKey(service)) {
            return false;
        }
        boolean needsNoRecord =
                wants.has(service) && (wants.of(service).targets().isEmpty() || !books.answers());
        return needsNoRecord || books.knows(service) || books.isRecorded(service);
    }

    /** What stands there, for whoever asks so. */
    private static ServiceTargets asking(DesiredTargets want, ServiceTargets there) {
        return there.withAbout(new About(want.about().settings(), there.about().details()));
    }

    /** Nothing is decided of it. */
    private void leave(String service) {
        shapes.drop(service);
        settled.forget(service);
        guarded.remove(service);
    }

    /** Whether nothing serves there that would be removed by waiting. */
    private boolean waits(String service, ServiceTargets found) {
        return awaited.containsKey(service) && found.targets().isEmpty();
    }

    /** Whether this pass would decide what the last one did that decided of it. */
    private boolean isUnchanged(String service, Sight sight, Optional<ServiceTargets> found) {
        return settled.find(service, sight, found.orElse(null), books.known(service), books.said(service))
                .isPresent();
    }

    private static CheckSpec check(Decision decision, Target target) {
        Serving one = decision.serving().get(target);
        return one == null ? CheckSpec.UNKNOWN : one.check();
    }
}
