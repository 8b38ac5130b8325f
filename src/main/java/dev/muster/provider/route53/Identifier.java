package dev.muster.provider.route53;

/**
 * What tells the sets of one name and type apart: the group whose they are, and the instance, which keeps its id over every
 * restart.
 */
final class Identifier {

    /** @see <a href="https://docs.aws.amazon.com/Route53/latest/APIReference/API_ResourceRecordSet.html">SetIdentifier</a> */
    private static final int LONGEST = 128;

    private Identifier() {}

    /** @throws IllegalArgumentException where it would be too long */
    static String of(String group, String instance) {
        String identifier = prefix(group) + instance;
        if (identifier.length() > LONGEST) {
            throw new IllegalArgumentException("instance '%s': allowed for a record of its own are %d characters"
                    .formatted(instance, LONGEST - prefix(group).length()));
        }
        return identifier;
    }

    /** Whether a set beside a text of this group is the group's. */
    static boolean isOurs(String group, RecordSet set) {
        return set.identifier().isEmpty() || set.identifier().startsWith(prefix(group));
    }

    private static String prefix(String group) {
        return "muster:" + group + ":";
    }
}
