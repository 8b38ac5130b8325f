package dev.muster.model;

import static dev.muster.model.ServiceSettings.matching;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What may be said of a balancer's backend, and how: nothing else of a setting becomes a directive. */
public enum BackendOption {
    BALANCE("roundrobin|leastconn|random|source", words("roundrobin", "leastconn", "random", "source")),
    TIMEOUT_CONNECT("DURATION", duration()),
    TIMEOUT_QUEUE("DURATION", duration()),
    TIMEOUT_SERVER("DURATION", duration()),
    TIMEOUT_TUNNEL("DURATION", duration()),
    RETRIES("0..10", number(0, 10)),
    /** Requests at one server at a time; more of them wait. */
    MAXCONN("1..1000000", number(1, 1_000_000)),
    HTTP_REUSE("never|safe|aggressive|always", words("never", "safe", "aggressive", "always")),
    COMPRESSION("gzip", words("gzip")),
    CHECK_INTERVAL("DURATION", duration()),
    CHECK_FALL("1..100", number(1, 100)),
    CHECK_RISE("1..100", number(1, 100)),
    /** The status that {@code health_url} must answer with. */
    CHECK_STATUS("200 or 200-399", matching(Pattern.compile("[1-5][0-9]{2}(-[1-5][0-9]{2})?"))),
    /** The host that {@code health_url} is asked for. */
    CHECK_HOST("NAME", matching(Pattern.compile("[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")));

    private final String allowed;
    private final Function<String, String> grammar;

    BackendOption(String allowed, Function<String, String> grammar) {
        this.allowed = allowed;
        this.grammar = grammar;
    }

    /** As it stands in settings: {@code timeout_server}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<BackendOption> find(String text) {
        return Arrays.stream(values()).filter(one -> one.text().equals(text)).findFirst();
    }

    /** @throws IllegalArgumentException naming the option, the value and what is allowed */
    String require(String value) {
        try {
            return grammar.apply(value);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "%s '%s' is not %s".formatted(text(), Name.printable(value), allowed), e);
        }
    }

    static String summary() {
        return Arrays.stream(values())
                .map(one -> one.text() + "=" + one.allowed)
                .collect(Collectors.joining(", "));
    }

    private static Function<String, String> words(String... words) {
        return text -> {
            if (!Arrays.asList(words).contains(text)) {
                throw new IllegalArgumentException();
            }
            return text;
        };
    }

    private static Function<String, String> number(int least, int most) {
        return text -> Integer.toString(ServiceSettings.wholeNumber(text, least, most));
    }

    /** HAProxy knows the same units; its timers end at 24 days. */
    private static Function<String, String> duration() {
        return matching(Pattern.compile("[1-9][0-9]{0,6}ms|[1-9][0-9]{0,5}s|[1-9][0-9]{0,3}m|[1-9][0-9]{0,2}h"));
    }
}
