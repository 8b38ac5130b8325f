package dev.muster.provider.route53;

import static dev.muster.provider.route53.NamedServices.all;
import static dev.muster.provider.route53.NamedServices.two;
import static dev.muster.provider.route53.NamedServices.up;
import static dev.muster.provider.route53.NamedServices.with;
import static org.awaitility.Awaitility.await;

import dev.muster.config.Policy;
import dev.muster.plan.Diff;
import dev.muster.plan.Plan;
import dev.muster.plan.ServiceTargets;
import dev.muster.provider.FakeLeadership;
import dev.muster.provider.ProviderException;
import java.time.Duration;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** A strict Route 53 with one zone and the account's health checks, and a watcher that leads, by a clock of the test's own. */
final class ChecksScene implements AutoCloseable {

    static final String ZONE = "Z0123456789";
    static final Duration REREAD = Duration.ofSeconds(60);

    final FakeRoute53 route53 = new FakeRoute53();
    final FakeLeadership leader = new FakeLeadership("route53", 1);
    private final AtomicLong nanos = new AtomicLong();
    final Route53Provider provider;

    ChecksScene() {
        Route53Contract.whoCalls();
        route53.zone(ZONE, "example.com", false);
        provider = open(leader);
    }

    Route53Provider open(FakeLeadership leadership) {
        return Route53Contract.open(route53.endpoint(), ZONE, leadership, REREAD, nanos::get);
    }

    LongSupplier clock() {
        return nanos::get;
    }

    /** One that takes nothing away. */
    Route53Provider openUpsertOnly() {
        return Route53Contract.open(route53.endpoint(), ZONE, leader, REREAD, nanos::get, Policy.UPSERT_ONLY);
    }

    /** Weighted, with an instance at each of two addresses, and this health check. */
    static ServiceTargets checked(String check) {
        return two("web", "dns_routing", "weighted", "dns_health_check", check);
    }

    /** The same with its first instance alone. */
    static ServiceTargets first(String check) {
        return with(up("web", "203.0.113.5"), "dns_routing", "weighted", "dns_health_check", check);
    }

    void pass(ServiceTargets... services) throws ProviderException {
        pass(provider, services);
    }

    /** As a watcher goes about it. */
    static void pass(Route53Provider by, ServiceTargets... services) throws ProviderException {
        keep(by, services);
        await().until(() -> by.underWay() == 0);
    }

    /** The same without waiting for anything. */
    void keep(ServiceTargets... services) throws ProviderException {
        keep(provider, services);
    }

    private static void keep(Route53Provider by, ServiceTargets... services) throws ProviderException {
        SortedMap<String, ServiceTargets> actual = by.actual();
        Plan plan = Diff.between(by.possible(all(services)), actual);
        if (!plan.changes().isEmpty() || by.disturbed()) {
            by.apply(plan);
        }
    }

    void later(Duration by) {
        nanos.addAndGet(by.toNanos());
    }

    /** By whoever keeps these as they are, minute by minute. */
    void later(Duration by, Route53Provider who, ServiceTargets... services) throws ProviderException {
        for (Duration gone = Duration.ZERO; gone.compareTo(by) < 0; gone = gone.plus(REREAD)) {
            later(REREAD);
            pass(who, services);
        }
    }

    /** Why it does not get what it asks for. */
    String refused(ServiceTargets... services) {
        provider.possible(all(services));
        return provider.refusals().toString();
    }

    List<FakeHealthChecks.Check> checks() {
        return route53.healthChecks().all();
    }

    List<String> references() {
        return checks().stream().map(FakeHealthChecks.Check::reference).toList();
    }

    List<String> ids() {
        return checks().stream().map(FakeHealthChecks.Check::id).toList();
    }

    /** What its records name, in their order. */
    List<String> named() {
        return sets().stream().map(set -> set.routing().healthCheck()).toList();
    }

    List<RecordSet> sets() {
        return route53.sets(ZONE).stream()
                .filter(set -> set.name().text().equals("web.example.com"))
                .toList();
    }

    List<String> addresses() {
        return sets().stream().flatMap(set -> set.values().stream()).toList();
    }

    long calls(String name) {
        return route53.calls().stream().filter(call -> call.startsWith(name)).count();
    }

    @Override
    public void close() {
        provider.close();
        route53.close();
    }
}
