package dev.muster.wiring;

import dev.muster.http.Metrics;
import dev.muster.http.Timing;
import dev.muster.reconcile.WatcherMetrics;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** What a watcher tells of its providers, as numbers to be scraped. */
final class MeasuredWatcher implements WatcherMetrics {

    private static final String PROVIDER = "provider";

    /** One provider's. */
    private record Numbers(
            Timing propagation,
            LongAdder changes,
            LongAdder failures,
            AtomicInteger held,
            AtomicInteger failOpen,
            AtomicInteger settings,
            AtomicInteger routes,
            AtomicInteger refused) {}

    private final Map<String, Numbers> byProvider = new HashMap<>();

    MeasuredWatcher(Metrics metrics, List<String> providers) {
        for (String provider : providers) {
            Timing propagation = metrics.timing(
                    "propagation_seconds", "From a change's arrival here to its being in force", PROVIDER, provider);
            Numbers numbers = new Numbers(
                    propagation,
                    new LongAdder(),
                    new LongAdder(),
                    new AtomicInteger(),
                    new AtomicInteger(),
                    new AtomicInteger(),
                    new AtomicInteger(),
                    new AtomicInteger());
            byProvider.put(provider, numbers);
            metrics.counter("changes", "Changes made at a provider", numbers.changes()::sum, PROVIDER, provider);
            metrics.counter(
                    "provider_failures",
                    "Looks at or changes of a provider that failed",
                    numbers.failures()::sum,
                    PROVIDER,
                    provider);
            metrics.gauge("holds", "Removals that the guard holds back", numbers.held()::get, PROVIDER, provider);
            metrics.gauge(
                    "fail_open",
                    "Services whose failing checks are not believed",
                    numbers.failOpen()::get,
                    PROVIDER,
                    provider);
            metrics.gauge(
                    "settings_refused",
                    "Settings that are not what they must be: the last good ones stay in force",
                    numbers.settings()::get,
                    PROVIDER,
                    provider);
            metrics.gauge(
                    "routes_lost",
                    "Routes that a service asks for and another one has",
                    numbers.routes()::get,
                    PROVIDER,
                    provider);
            metrics.gauge(
                    "services_refused",
                    "Services that a provider does not take as they are to be: they stay as they were, or out",
                    numbers.refused()::get,
                    PROVIDER,
                    provider);
        }
    }

    @Override
    public void propagation(String provider, Duration took) {
        of(provider).propagation().record(took);
    }

    @Override
    public void applied(String provider, int changes) {
        of(provider).changes().add(changes);
    }

    @Override
    public void failed(String provider) {
        of(provider).failures().increment();
    }

    @Override
    public void guard(String provider, int held, int failOpen) {
        of(provider).held().set(held);
        of(provider).failOpen().set(failOpen);
    }

    @Override
    public void shape(String provider, int settings, int routes) {
        of(provider).settings().set(settings);
        of(provider).routes().set(routes);
    }

    @Override
    public void refused(String provider, int services) {
        of(provider).refused().set(services);
    }

    private Numbers of(String provider) {
        Numbers numbers = byProvider.get(provider);
        if (numbers == null) {
            throw new IllegalArgumentException("provider '" + provider + "' was not announced");
        }
        return numbers;
    }
}
