package dev.muster.provider.route53;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a health check of ours is called: {@code muster:<group>:<zone>:<digest>:<epoch>.<number>}. Route 53 never makes two of
 * one reference, so a call whose answer was lost may be made again; and it takes none of a check that was deleted, so the
 * next one has another number.
 *
 * @param group whose it is; eight hexadecimal digits of its SHA-256 where it is longer than that
 * @param zone the id of the zone in whose records it may stand, shortened likewise where it is longer than 22 characters
 * @param digest of what it asks
 * @param epoch of the leader that made it
 * @param number counted up from 0 where an earlier one cannot be had any more
 * @see <a href="https://docs.aws.amazon.com/Route53/latest/APIReference/API_CreateHealthCheck.html">CallerReference</a>
 */
record CheckReference(String group, String zone, String digest, long epoch, int number) {

    private static final int DIGITS = 8;
    private static final int LONGEST_GROUP = 8;
    private static final int LONGEST_ZONE = 22;
    private static final Pattern TEXT =
            Pattern.compile("muster:([^:]+):([^:]+):([0-9a-f]{8}):([0-9a-z]{1,13})\\.([0-9a-z]{1,6})");

    static CheckReference of(String group, Zone zone, CheckedEndpoint endpoint, long epoch, int number) {
        return new CheckReference(
                shortened(group, LONGEST_GROUP),
                shortened(zone.id(), LONGEST_ZONE),
                digest(endpoint.toString()),
                epoch,
                number);
    }

    /** Empty for what nobody of Muster's has written. */
    static Optional<CheckReference> read(String text) {
        Matcher parts = TEXT.matcher(text);
        if (!parts.matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new CheckReference(
                    parts.group(1),
                    parts.group(2),
                    parts.group(3),
                    Long.parseLong(parts.group(4), Character.MAX_RADIX),
                    Integer.parseInt(parts.group(5), Character.MAX_RADIX)));
        } catch (NumberFormatException tooLarge) {
            return Optional.empty();
        }
    }

    boolean isOf(String someGroup) {
        return group.equals(shortened(someGroup, LONGEST_GROUP));
    }

    boolean isFor(Zone someZone) {
        return zone.equals(shortened(someZone.id(), LONGEST_ZONE));
    }

    /** At most 64 characters, as the API has it. */
    String text() {
        return "muster:%s:%s:%s:%s.%s"
                .formatted(
                        group,
                        zone,
                        digest,
                        Long.toString(epoch, Character.MAX_RADIX),
                        Integer.toString(number, Character.MAX_RADIX));
    }

    private static String shortened(String text, int most) {
        return text.length() <= most ? text : digest(text);
    }

    private static String digest(String text) {
        try {
            byte[] all = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(all).substring(0, DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has it", e);
        }
    }
}
