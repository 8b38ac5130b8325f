package dev.muster.model;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What may be said of a balancer's backend, and how: nothing else of a setting becomes a directive. */
public enum BackendOption {
    BALANCE("roundrobin|leastconn|random|source", "roundrobin|leastconn|random|source"),
    TIMEOUT_CONNECT("DURATION", Words.DURATION),
    TIMEOUT_QUEUE("DURATION", Words.DURATION),
    TIMEOUT_SERVER("DURATION", Words.DURATION),
    TIMEOUT_TUNNEL("DURATION", Words.DURATION),
    RETRIES("0..10", "[0-9]|10"),
    /** Requests at one server at a time; more of them wait. */
    MAXCONN("1..1000000", "[1-9][0-9]{0,5}|1000000"),
    HTTP_REUSE("never|safe|aggressive|always", "never|safe|aggressive|always"),
    COMPRESSION("gzip", "gzip"),
    CHECK_INTERVAL("DURATION", Words.DURATION),
    CHECK_FALL("1..100", Words.TIMES),
    CHECK_RISE("1..100", Words.TIMES),
    /** The status that {@code health_url} must answer with. */
    CHECK_STATUS("200 or 200-399", "[1-5][0-9]{2}(-[1-5][0-9]{2})?"),
    /** The host that {@code health_url} is asked for. */
    CHECK_HOST("NAME", "[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?");

    private static final class Words {

        /** HAProxy knows the same units; its timers end at 24 days. */
        static final String DURATION =
                "[1-9][0-9]{0,6}ms|[1-9][0-9]{0,5}s|[1-9][0-9]{0,3}m|([1-9][0-9]?|[1-4][0-9]{2})h";

        static final String TIMES = "[1-9][0-9]?|100";
    }

    private final String allowed;
    private final Pattern grammar;

    BackendOption(String allowed, String grammar) {
        this.allowed = allowed;
        this.grammar = Pattern.compile(grammar);
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
        if (!grammar.matcher(value).matches()) {
            throw new IllegalArgumentException("%s '%s' is not %s".formatted(text(), Name.printable(value), allowed));
        }
        return value;
    }

    static String summary() {
        return Arrays.stream(values())
                        .map(one -> one.text() + "=" + one.allowed)
                        .collect(Collectors.joining(", "))
                + "; DURATION is such as 500ms, 30s, 5m or 12h, at most 499h";
    }
}
