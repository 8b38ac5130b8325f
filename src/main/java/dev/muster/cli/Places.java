package dev.muster.cli;

import dev.muster.model.Instance;
import dev.muster.model.Target;
import java.util.List;

/** Where an instance is to stand at a provider, and how heavy, so that a record can be compared with it. */
final class Places {

    static final String ROUTE53 = "route53";

    private Places() {}

    /** Its own target at balancers; in DNS its public addresses, where it may have none. */
    static List<Target> of(Instance instance, String provider) {
        return provider.equals(ROUTE53) ? instance.publicTargets() : List.of(instance.target());
    }

    static int weight(Instance instance, String provider) {
        return provider.equals(ROUTE53) ? instance.dnsWeight() : instance.weight();
    }
}
