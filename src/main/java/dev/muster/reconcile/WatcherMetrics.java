package dev.muster.reconcile;

import java.time.Duration;

/** What a watcher tells whoever measures it. Called on its loop's thread; must return at once. */
public interface WatcherMetrics {

    /** The newest change of the registry is in force: {@code took} since it arrived here. */
    void propagation(String provider, Duration took);

    /** So many changes were made there, at least one. */
    void applied(String provider, int changes);

    /** The provider could not be read or changed. */
    void failed(String provider);

    /**
     * What the guard does there now; called when it differs from the last call for that provider.
     *
     * @param held removals that are held back
     * @param failOpen services in which failing checks are not believed
     */
    void guard(String provider, int held, int failOpen);

    /**
     * What services ask for there and do not get; called when it differs from the last call for that provider.
     *
     * @param settings that are not what they must be, the last good ones of which stay in force
     * @param routes that another service has
     */
    void shape(String provider, int settings, int routes);

    /** So many services it does not take as they are to be; called when it differs from the last call for that provider. */
    void refused(String provider, int services);
}
