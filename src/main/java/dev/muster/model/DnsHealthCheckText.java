package dev.muster.model;

import java.util.Locale;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How a health check is said. */
final class DnsHealthCheckText {

    private static final Pattern OWN =
            Pattern.compile("(?<kind>tcp|https?)(?::(?<port>[0-9]{1,5}))?(?<path>(?:/[!-~]{0,254})?)");

    /** Each of AWS's has a digit, and so no word is taken for one. */
    private static final Pattern ID = Pattern.compile("(?=[^0-9]*[0-9])[A-Za-z0-9][A-Za-z0-9-]{0,63}");

    private DnsHealthCheckText() {}

    /** @throws IllegalArgumentException without a message */
    static DnsHealthCheck parse(String text) {
        if (text.equals(DnsHealthCheck.NONE.text())) {
            return DnsHealthCheck.NONE;
        }
        Matcher own = OWN.matcher(text);
        if (own.matches()) {
            return new DnsHealthCheck.Own(
                    DnsHealthCheck.Kind.valueOf(own.group("kind").toUpperCase(Locale.ROOT)),
                    port(own.group("port")),
                    own.group("path"));
        }
        if (!ID.matcher(text).matches()) {
            throw new IllegalArgumentException();
        }
        return new DnsHealthCheck.Existing(text);
    }

    private static OptionalInt port(@Nullable String text) {
        if (text == null) {
            return OptionalInt.empty();
        }
        int port = Integer.parseInt(text);
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException();
        }
        return OptionalInt.of(port);
    }
}
