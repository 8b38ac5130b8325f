package dev.muster.watcher;

import dev.muster.model.Catalog;
import dev.muster.model.Protocol;
import dev.muster.model.Registration;
import java.util.SortedMap;

/** Which registrations feed which provider's target, and how. */
public final class Bindings {

    /** A balancer of connections takes every http and tcp service without being told. */
    private static final String HAPROXY = "haproxy";

    /** A file may be about anything. */
    private static final String TEMPLATE = "template";

    private static final String AMBASSADOR = "ambassador";

    private final Ambassadors ambassadors;

    public Bindings(Ambassadors ambassadors) {
        this.ambassadors = ambassadors;
    }

    /** What the catalog wants of each service at that provider. */
    SortedMap<String, DesiredTargets> desired(String provider, Catalog catalog) {
        return switch (provider) {
            case HAPROXY -> DesiredTargets.of(catalog, Bindings::isBalanced);
            case TEMPLATE -> DesiredTargets.described(catalog);
            case AMBASSADOR -> ambassadors.desired(catalog);
            default -> throw new IllegalArgumentException("nothing feeds the provider '" + provider + "'");
        };
    }

    private static boolean isBalanced(Registration registration) {
        Protocol protocol = registration.instance().protocol();
        return protocol == Protocol.HTTP || protocol == Protocol.TCP;
    }
}
