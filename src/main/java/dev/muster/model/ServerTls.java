package dev.muster.model;

import java.util.Locale;

/** How a balancer speaks to the instances of a service. */
public enum ServerTls {
    /** Without TLS. */
    OFF,
    /** With TLS, to whoever has a certificate that an authority vouches for. */
    VERIFY,
    /** With TLS, to anybody: it keeps listeners out, not impostors. */
    NO_VERIFY;

    /** As it stands in settings: {@code no-verify}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** @throws IllegalArgumentException without a message */
    static ServerTls parse(String text) {
        for (ServerTls one : values()) {
            if (one.text().equals(text)) {
                return one;
            }
        }
        throw new IllegalArgumentException();
    }
}
