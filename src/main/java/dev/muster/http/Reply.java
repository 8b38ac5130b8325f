package dev.muster.http;

import java.util.Optional;

/** What a page answers. */
public record Reply(int status, String contentType, String body) {

    private static final String TEXT = "text/plain; charset=utf-8";

    static Reply text(int status, String body) {
        return new Reply(status, TEXT, body + "\n");
    }

    /** Prometheus' text format. */
    static Reply metrics(String text) {
        return new Reply(200, "text/plain; version=0.0.4; charset=utf-8", text);
    }

    /** 200 with the word, or 503 with the reason why not. */
    static Reply health(String word, Optional<String> whyNot) {
        return whyNot.map(why -> text(503, why)).orElseGet(() -> text(200, word));
    }
}
