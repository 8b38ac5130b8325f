package dev.muster.provider.route53;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * How Route 53 chooses among the sets of one name and type, and what a set has instead of values.
 *
 * @param weight of a weighted set, 0 to 255
 * @param multivalue whether it is one of those of which up to eight are answered
 * @param alias what it leads to instead of having values
 * @param healthCheck the id of a check without which it is not answered, or empty
 * @param other what else there is to it, in words, which nothing here writes ({@code by latency}); otherwise empty
 * @see <a href="https://docs.aws.amazon.com/Route53/latest/APIReference/API_ResourceRecordSet.html">ResourceRecordSet</a>
 */
record Routing(OptionalInt weight, boolean multivalue, Optional<Alias> alias, String healthCheck, String other) {

    static final Routing SIMPLE = new Routing(OptionalInt.empty(), false, Optional.empty(), "", "");
    static final Routing MULTIVALUE = new Routing(OptionalInt.empty(), true, Optional.empty(), "", "");

    /**
     * @param zone the id of the zone in which the name stands
     * @param evaluatesHealth whether it is not answered while nothing there is healthy
     * @see <a href="https://docs.aws.amazon.com/Route53/latest/APIReference/API_AliasTarget.html">AliasTarget</a>
     */
    record Alias(DnsName name, String zone, boolean evaluatesHealth) {}

    static Routing weighted(int weight) {
        return new Routing(OptionalInt.of(weight), false, Optional.empty(), "", "");
    }

    static Routing alias(Alias alias) {
        return new Routing(OptionalInt.empty(), false, Optional.of(alias), "", "");
    }

    static Routing other(String words) {
        return new Routing(OptionalInt.empty(), false, Optional.empty(), "", words);
    }

    Routing with(String check) {
        return new Routing(weight, multivalue, alias, check, other);
    }

    /** For people: what there is to it beside values; empty where nothing is. */
    String words() {
        return alias.map(to -> "alias to " + to.name() + " ").orElse("")
                + (weight.isPresent() ? "weighted " + weight.getAsInt() + " " : "")
                + (multivalue ? "multivalue " : "")
                + (healthCheck.isEmpty() ? "" : "with a health check ")
                + other;
    }
}
