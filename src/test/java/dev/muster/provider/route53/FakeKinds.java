package dev.muster.provider.route53;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Which sets of one name and type may stand beside each other, and what each kind of set must and must not have.
 *
 * @see <a href="https://docs.aws.amazon.com/Route53/latest/APIReference/API_ResourceRecordSet.html">ResourceRecordSet</a>
 */
final class FakeKinds {

    /** https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DNSLimitations.html, "100 records that have the same name and type". */
    private static final int MOST = 100;

    private FakeKinds() {}

    /** Of one set, whatever else stands there. */
    static List<String> faults(RecordSet set) {
        List<String> faults = new ArrayList<>();
        Routing routing = set.routing();
        // "SetIdentifier ... Length Constraints: Minimum length of 1. Maximum length of 128."
        if (set.identifier().length() > 128) {
            faults.add("Value at 'setIdentifier' failed to satisfy constraint: length at most 128");
        }
        boolean chosen = routing.weight().isPresent()
                || routing.multivalue()
                || !routing.other().isEmpty();
        // "SetIdentifier: Resource record sets that have a routing policy other than simple".
        if (chosen == set.identifier().isEmpty()) {
            faults.add(
                    "Invalid request: Expected exactly one of [Weight, Region, Failover, GeoLocation, or MultiValueAnswer]"
                            + " with SetIdentifier '%s'".formatted(set.identifier()));
        }
        // "Weight: Valid Range: Minimum value of 0. Maximum value of 255."
        if (routing.weight().orElse(0) < 0 || routing.weight().orElse(0) > 255) {
            faults.add("Value at 'weight' failed to satisfy constraint: 0 to 255");
        }
        // "You can only specify one ResourceRecord per weighted resource record set."
        if (routing.weight().isPresent() && set.values().size() > 1) {
            faults.add("Weighted set '%s' has more than one ResourceRecord".formatted(set.identifier()));
        }
        if (routing.multivalue()
                && (routing.alias().isPresent() || List.of("CNAME", "NS").contains(set.type()))) {
            // "You can't create multivalue answer alias records." "... any value except NS or CNAME",
            // https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resource-record-sets-values-multivalue.html
            faults.add(
                    "Multivalue answer set '%s' of type %s is not permitted".formatted(set.identifier(), set.type()));
        }
        // "If you're creating an alias resource record set, omit ResourceRecords" and TTL.
        if (routing.alias().isPresent() && (!set.values().isEmpty() || set.ttlSeconds() != 0)) {
            faults.add("Invalid request: Expected exactly one of [AliasTarget, all of [TTL, and ResourceRecords]]");
        }
        // "You can't attach a health check to a simple routing policy."
        // https://repost.aws/knowledge-center/multivalue-versus-simple-policies
        if (!routing.healthCheck().isEmpty() && set.identifier().isEmpty()) {
            faults.add("Simple set with a health check");
        }
        return faults;
    }

    /**
     * Of a set that is to be created among these, in the words of the service.
     *
     * @param there all others of that name
     */
    static List<String> faults(RecordSet set, List<RecordSet> there) {
        List<RecordSet> fellows =
                there.stream().filter(one -> one.type().equals(set.type())).toList();
        String named = "RRSet with DNS name %s, type %s".formatted(set.name().escaped(), set.type());
        // A CNAME stands alone (RFC 1034, section 3.6.2).
        if (there.stream()
                .anyMatch(one -> one.type().equals("CNAME") != set.type().equals("CNAME"))) {
            return List.of(named + " is not permitted as it conflicts with other records with the same DNS name");
        }
        if (fellows.isEmpty()) {
            return List.of();
        }
        if (set.identifier().isEmpty()) {
            return List.of(named + " cannot be created as other RRSets exist with the same name and type.");
        }
        List<String> faults = new ArrayList<>();
        named += ", SetIdentifier " + set.identifier() + " cannot be created as ";
        // "You can't create ... resource record sets that have the same values for the Name and Type elements as
        // weighted
        // resource record sets", and the other way round.
        if (fellows.stream().anyMatch(one -> !policy(one).equals(policy(set)))) {
            faults.add(named + "a non-%s set exists with the same name and type.".formatted(policy(set)));
        } else if (fellows.stream().anyMatch(one -> one.ttlSeconds() != set.ttlSeconds())) {
            // "All of the resource record sets in a group of weighted resource record sets must have the same value for
            // TTL."
            faults.add(named + "%s sets must contain the same TTL.".formatted(policy(set)));
        }
        if (fellows.size() >= MOST) {
            faults.add(named + "there are %d of them already".formatted(fellows.size()));
        }
        return faults;
    }

    private static String policy(RecordSet set) {
        return set.routing().weight().isPresent()
                ? "weighted"
                : set.routing().multivalue()
                        ? "multivalue answer"
                        : Objects.toString(set.routing().other());
    }
}
