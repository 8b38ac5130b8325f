package dev.muster.provider.route53;

import static dev.muster.provider.route53.NamedServices.all;
import static dev.muster.provider.route53.NamedServices.up;
import static org.awaitility.Awaitility.await;

import dev.muster.plan.Diff;
import dev.muster.plan.Plan;
import dev.muster.plan.Refusal;
import dev.muster.plan.ServiceTargets;
import dev.muster.provider.FakeLeadership;
import dev.muster.provider.ProviderException;
import java.time.Duration;
import java.util.List;
import java.util.SortedMap;
import java.util.stream.IntStream;

/** A strict Route 53 with one zone, and a watcher that leads. */
final class Route53Scene implements AutoCloseable {

    static final String ZONE = "Z0123456789";
    static final Duration SELDOM = Duration.ofHours(1);

    final FakeRoute53 route53 = new FakeRoute53();
    final FakeLeadership leader = new FakeLeadership("route53", 1);
    final Route53Provider provider;

    Route53Scene() {
        Route53Contract.whoCalls();
        zone();
        provider = open(leader);
    }

    FakeZone zone() {
        return route53.zone(ZONE, "example.com", false);
    }

    Route53Provider open(FakeLeadership leadership) {
        return Route53Contract.open(route53.endpoint(), ZONE, leadership, SELDOM);
    }

    Plan make(ServiceTargets... services) throws ProviderException {
        return make(provider, services);
    }

    /** The same by a batch that is under way, neither done nor answered, until {@link FakeRoute53#letGo}. @return who waits for it */
    Thread makeLate(ServiceTargets... services) {
        long before = calls("ChangeResourceRecordSets");
        route53.next("ChangeResourceRecordSets", FakeRoute53.Fate.LATE);
        Thread waiting = Thread.ofVirtual().start(() -> {
            try {
                make(services);
            } catch (ProviderException expected) {
                // it has no answer in time
            }
        });
        await().until(() -> calls("ChangeResourceRecordSets") == before + 1);
        return waiting;
    }

    static Plan make(Route53Provider with, ServiceTargets... services) throws ProviderException {
        SortedMap<String, ServiceTargets> actual = with.actual();
        Plan plan = Diff.between(with.possible(all(services)), actual);
        if (!plan.changes().isEmpty() || with.disturbed()) {
            with.apply(plan);
        }
        return plan;
    }

    /** Of these, as they were asked for last. */
    static SortedMap<String, Refusal> refused(Route53Provider with, ServiceTargets... services) {
        with.possible(all(services));
        return with.refusals();
    }

    SortedMap<String, Refusal> refused(ServiceTargets... services) {
        return refused(provider, services);
    }

    List<RecordSet> sets() {
        return route53.sets(ZONE);
    }

    /** Of every set of that name and type. */
    List<String> values(String name, String type) {
        return sets().stream()
                .filter(set -> set.name().text().equals(name) && set.type().equals(type))
                .flatMap(set -> set.values().stream())
                .toList();
    }

    List<String> values(String name) {
        return values(name, "A");
    }

    long calls(String name) {
        return route53.calls().stream().filter(call -> call.startsWith(name)).count();
    }

    static ServiceTargets[] fleet(int from, int services, String address) {
        return IntStream.range(from, from + services)
                .mapToObj(n -> up("s%04d".formatted(n), address))
                .toArray(ServiceTargets[]::new);
    }

    @Override
    public void close() {
        provider.close();
        route53.close();
    }
}
