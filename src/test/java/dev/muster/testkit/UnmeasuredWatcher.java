package dev.muster.testkit;

import dev.muster.reconcile.WatcherMetrics;
import java.time.Duration;

/** For a watcher of which nobody counts anything. */
public final class UnmeasuredWatcher implements WatcherMetrics {

    @Override
    public void propagation(String provider, Duration took) {}

    @Override
    public void applied(String provider, int changes) {}

    @Override
    public void failed(String provider) {}

    @Override
    public void guard(String provider, int held, int failOpen) {}

    @Override
    public void shape(String provider, int settings, int routes) {}

    @Override
    public void refused(String provider, int services) {}
}
