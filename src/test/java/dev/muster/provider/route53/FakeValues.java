package dev.muster.provider.route53;

import dev.muster.model.Addresses;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a record set may hold, as far as Muster's do.
 *
 * @see <a href="https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/ResourceRecordTypes.html">Record types</a>
 * @see <a href="https://docs.aws.amazon.com/Route53/latest/APIReference/API_ResourceRecordSet.html">TTL, values</a>
 */
final class FakeValues {

    private FakeValues() {}

    static List<String> faults(RecordSet set, DnsName zone) {
        List<String> faults = new ArrayList<>();
        String named = "%s %s".formatted(set.name().escaped(), set.type());
        if (!set.name().isWithin(zone)) {
            faults.add("RRSet with DNS name %s is not permitted in zone %s".formatted(named, zone.escaped()));
        }
        if (set.ttlSeconds() < 0 || set.ttlSeconds() > Integer.MAX_VALUE) {
            faults.add("Invalid TTL of " + named);
        }
        if ((set.values().isEmpty() && set.routing().alias().isEmpty())
                || new HashSet<>(set.values()).size() != set.values().size()) {
            faults.add("Duplicate or missing Resource Record: " + named);
        }
        for (String value : set.values()) {
            boolean good = switch (set.type()) {
                case "A" -> Addresses.isIpv4(value);
                case "AAAA" -> Addresses.isIpv6(value);
                case "TXT" -> isText(value);
                case "SRV" -> isPlace(value);
                default -> true;
            };
            if (!good) {
                faults.add("Invalid Resource Record of %s: '%s'".formatted(named, value));
            }
        }
        return faults;
    }

    /** Quoted strings with blanks between, each of at most 255 characters; 4,000 characters in all. */
    private static boolean isText(String value) {
        return value.length() <= 4000 && value.matches("\"[ !#-~]{0,255}\"( \"[ !#-~]{0,255}\")*");
    }

    /** Priority, weight, port and a domain name, https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/ResourceRecordTypes.html#SRVFormat. */
    private static boolean isPlace(String value) {
        String[] parts = value.split(" ", -1);
        return parts.length == 4
                && Stream.of(parts)
                        .limit(3)
                        .allMatch(part -> part.matches("[0-9]{1,5}") && Integer.parseInt(part) <= 65535)
                && parts[3].matches("([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\\.)+");
    }
}
