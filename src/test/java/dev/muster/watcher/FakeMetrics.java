package dev.muster.watcher;

import dev.muster.reconcile.WatcherMetrics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Remembers what it was told. */
final class FakeMetrics implements WatcherMetrics {

    final List<Duration> propagations = new ArrayList<>();
    int changes;
    int failures;
    int held;
    int failOpen;
    int settings;
    int routes;
    int refused;

    @Override
    public void propagation(String provider, Duration took) {
        propagations.add(took);
    }

    @Override
    public void applied(String provider, int made) {
        changes += made;
    }

    @Override
    public void failed(String provider) {
        failures++;
    }

    @Override
    public void guard(String provider, int nowHeld, int nowFailOpen) {
        held = nowHeld;
        failOpen = nowFailOpen;
    }

    @Override
    public void shape(String provider, int nowSettings, int nowRoutes) {
        settings = nowSettings;
        routes = nowRoutes;
    }

    @Override
    public void refused(String provider, int services) {
        refused = services;
    }
}
