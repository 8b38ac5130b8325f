package dev.muster.watcher;

import dev.muster.model.Catalog;
import dev.muster.model.Protocol;
import dev.muster.model.Registration;
import dev.muster.model.ServiceSettings;
import java.util.Optional;

/** Which registrations feed which provider's target, and how. */
public final class Bindings {

    private final Ambassadors ambassadors;

    public Bindings(Ambassadors ambassadors) {
        this.ambassadors = ambassadors;
    }

    Binding of(String provider) {
        return switch (provider) {
            // A balancer of connections takes every http and tcp service without being told.
            case "haproxy" -> new Binding(Catalog::services, new Balanced(), any -> true);
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

    /** What can be balanced: a change among very many instances of a service is worked out alone. */
    private static final class Balanced implements Binding.One {

        @Override
        public Optional<DesiredTargets> of(Catalog catalog, String service) {
            return DesiredTargets.of(catalog, service, Balanced::isBalanced);
        }

        @Override
        public Optional<DesiredTargets> after(Catalog earlier, DesiredTargets before, Catalog catalog, String service) {
            return before.after(earlier, catalog, service).or(() -> of(catalog, service));
        }

        private static boolean isBalanced(Registration registration) {
            Protocol protocol = registration.instance().protocol();
            return protocol == Protocol.HTTP || protocol == Protocol.TCP;
        }
    }
}
