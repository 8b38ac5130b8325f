package dev.muster.watcher;

import dev.muster.model.PersistentMap;
import dev.muster.model.Protocol;
import dev.muster.model.Route;
import dev.muster.model.Target;
import dev.muster.plan.About;
import dev.muster.plan.Decision;
import dev.muster.plan.Details;
import dev.muster.plan.Refusal;
import dev.muster.plan.RouteClaims;
import dev.muster.plan.ServiceTargets;
import dev.muster.plan.TargetState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What the services of one provider are to be, given what may serve there: how they are found, how they are treated and what
 * is said of them. Only after a look is it known who gets which route.
 */
@SuppressWarnings("ReferenceEquality") // what was read of unchanged settings is the same object
final class Shapes {

    /**
     * What a service is to be, before it is known which of its routes it gets.
     */
    private record Shape(ServiceTargets targets, SettingsReading.Said said, RouteClaims.Claim claim) {

        static Shape of(ServiceTargets targets, SettingsReading.Said said, Instant since) {
            return new Shape(
                    targets,
                    said,
                    new RouteClaims.Claim(
                            targets.service(),
                            targets.protocol(),
                            targets.routes(),
                            said.routes().isPresent(),
                            since));
        }
    }

    private final String provider;
    private final SettingsReading settings;
    private final WatcherStatus status;
    private final Map<String, Shape> shapes = new HashMap<>();
    private PersistentMap<String, ServiceTargets> steered = PersistentMap.empty();

    /** Those of this look that are what they were at the last. */
    private final Set<String> unchanged = new HashSet<>();

    private final SortedMap<String, RouteClaims.Claim> claims = new TreeMap<>();
    private RouteClaims.Granted granted = RouteClaims.grant(claims.values());
    private final SortedMap<String, String> faults = new TreeMap<>();
    private final Map<String, List<Refusal>> refused = new HashMap<>();

    Shapes(String provider, SettingsReading settings, WatcherStatus status) {
        this.provider = provider;
        this.settings = settings;
        this.status = status;
    }

    /** A look begins: at services of which there is news, and at all that have faulty settings. */
    void begin() {
        unchanged.clear();
        faults.clear();
        refused.clear();
    }

    /** What is set of it. */
    SettingsReading.Said said(Sight sight, String service, Optional<ServiceTargets> found) {
        SortedMap<String, String> raw = sight.catalog().settings().getOrDefault(service, new TreeMap<>());
        SettingsReading.Said said = settings.of(service, raw, found, sight.now());
        said.faults().forEach((name, fault) -> {
            faults.put(service + "/" + name, fault);
            refuse(service, new Refusal("setting " + name, fault));
        });
        return said;
    }

    /** Whether the last look had this service, and the same was set of it. */
    boolean had(String service, SettingsReading.Said said) {
        Shape before = shapes.get(service);
        return before != null && before.said() == said;
    }

    /** It is what it was at the last look, which had it. */
    void keep(String service) {
        unchanged.add(service);
    }

    /** Nothing of it is to be there. */
    void drop(String service) {
        shapes.remove(service);
    }

    /** All that are to be there, by the last look. */
    Set<String> services() {
        return shapes.keySet();
    }

    /** It stays as it stands there. */
    void leave(ServiceTargets found, SettingsReading.Said said, Instant since) {
        shapes.put(found.service(), Shape.of(found, said, since));
    }

    /** What is held keeps the service's shape as it was, beside what is new. */
    void put(
            String service,
            DesiredTargets want,
            Decision decision,
            SettingsReading.Said said,
            Optional<ServiceTargets> found) {
        Optional<ServiceTargets> before =
                Optional.ofNullable(steered.get(service)).or(() -> found);
        Protocol protocol = want.targets().isEmpty()
                ? before.map(ServiceTargets::protocol).orElse(want.protocol())
                : want.protocol();
        Set<Route> routes = new LinkedHashSet<>(said.routes().orElse(want.routes()));
        if (said.routes().isEmpty() && !decision.holds().isEmpty()) {
            before.ifPresent(shape -> routes.addAll(shape.routes()));
        }
        SortedMap<Target, TargetState> targets = decision.targets();
        About about = about(want, targets, before);
        shapes.put(
                service,
                Shape.of(
                        new ServiceTargets(service, protocol, List.copyOf(routes), targets, said.options(), about),
                        said,
                        want.since()));
    }

    /** Of what is held, nobody but this watcher can still say what it was. */
    private static About about(
            DesiredTargets want, SortedMap<Target, TargetState> targets, Optional<ServiceTargets> before) {
        SortedMap<Target, Details> details = new TreeMap<>(want.about().details());
        before.ifPresent(then -> then.about().details().forEach((target, said) -> {
            TargetState now = targets.get(target);
            TargetState was = then.targets().get(target);
            if (now != null && was != null && now.instance().equals(was.instance())) {
                details.putIfAbsent(target, said);
            }
        }));
        details.keySet().retainAll(targets.keySet());
        return new About(want.about().settings(), details);
    }

    /** The look, which went over these, is over. @return each service with those of its routes that it gets */
    PersistentMap<String, ServiceTargets> routed(Set<String> looked, SortedMap<String, ServiceTargets> actual) {
        Set<String> anew = new TreeSet<>(looked);
        anew.addAll(grant(looked, actual));
        // What was not looked at stands there as it is to be.
        PersistentMap<String, ServiceTargets> desired = PersistentMap.of(actual);
        for (String service : anew) {
            Shape shape = shapes.get(service);
            desired = shape == null
                    ? desired.without(service)
                    : desired.with(service, routed(service, shape, actual.get(service)));
        }
        status.shape(provider, faults, granted.lost());
        granted.lost()
                .forEach(lost ->
                        refuse(lost.service(), new Refusal("route " + lost.route(), lost.holder() + " has it")));
        return desired;
    }

    private ServiceTargets routed(String service, Shape shape, @Nullable ServiceTargets there) {
        List<Route> routes = granted.routes().getOrDefault(service, List.of());
        boolean stays =
                there != null && unchanged.contains(service) && there.routes().equals(routes);
        return there != null && stays ? there : shape.targets().withRoutes(routes);
    }

    private void refuse(String service, Refusal refusal) {
        refused.computeIfAbsent(service, first -> new ArrayList<>()).add(refusal);
    }

    /** By service, what of its settings and routes it does not get, as the last look found it. */
    Map<String, List<Refusal>> refused() {
        return refused;
    }

    /** Whether one of its settings is not taken, which time may mend. */
    boolean isFaulty(String service) {
        return !faults.subMap(service + "/", service + "0").isEmpty();
    }

    /** Anew where anybody's claim is another than it was. @return whose routes are others by now */
    private Set<String> grant(Set<String> looked, SortedMap<String, ServiceTargets> actual) {
        boolean same = true;
        for (String service : looked) {
            Shape shape = shapes.get(service);
            RouteClaims.Claim now = shape == null ? null : shape.claim().with(actual.get(service));
            RouteClaims.Claim before = now == null ? claims.remove(service) : claims.put(service, now);
            same &= Objects.equals(before, now);
        }
        if (same) {
            return Set.of();
        }
        RouteClaims.Granted before = granted;
        granted = RouteClaims.grant(claims.values());
        return PersistentMap.differing(before.routes(), granted.routes());
    }

    /** What was in force when the last look had ended. */
    PersistentMap<String, ServiceTargets> steered() {
        return steered;
    }

    /** These are in force. */
    void applied(PersistentMap<String, ServiceTargets> desired) {
        steered = desired;
    }
}
