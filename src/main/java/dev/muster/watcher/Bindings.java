package dev.muster.watcher;

import dev.muster.model.Protocol;
import dev.muster.model.Registration;

/** Which registrations feed which provider's target. */
public final class Bindings {

    /** A balancer of connections takes every http and tcp service without being told. */
    private static final String HAPROXY = "haproxy";

    /** Whether this registration is for that provider. */
    public boolean binds(String provider, Registration registration) {
        Protocol protocol = registration.instance().protocol();
        return provider.equals(HAPROXY) && (protocol == Protocol.HTTP || protocol == Protocol.TCP);
    }
}
