package dev.muster.watcher;

import dev.muster.model.Catalog;
import dev.muster.model.Protocol;
import dev.muster.model.Registration;
import dev.muster.model.ServiceSettings;

/** Which registrations feed which provider's target, and how. */
public final class Bindings {

    private final Ambassadors ambassadors;

    public Bindings(Ambassadors ambassadors) {
        this.ambassadors = ambassadors;
    }

    Binding of(String provider) {
        return switch (provider) {
            // A balancer of connections takes every http and tcp service without being told.
            case "haproxy" ->
                new Binding(
                        Catalog::services,
                        (catalog, service) -> DesiredTargets.of(catalog, service, Bindings::isBalanced),
                        any -> true);
            // A file may be about anything, and shows settings as they stand.
            case "template" ->
                new Binding(Catalog::services, DesiredTargets::described, ServiceSettings.ROUTE.name()::equals);
            // Its port is all that a client knows of it.
            case "ambassador" ->
                new Binding(catalog -> ambassadors.ports().keySet(), ambassadors::desired, any -> false);
            // A name is asked for by a setting.
            case "route53" -> new Binding(Catalog::services, DnsTargets::desired, DnsTargets.SETTINGS::contains);
            default -> throw new IllegalArgumentException("nothing feeds the provider '" + provider + "'");
        };
    }

    private static boolean isBalanced(Registration registration) {
        Protocol protocol = registration.instance().protocol();
        return protocol == Protocol.HTTP || protocol == Protocol.TCP;
    }
}
