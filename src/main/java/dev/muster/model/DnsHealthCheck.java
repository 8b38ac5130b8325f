package dev.muster.model;

import java.util.Locale;
import java.util.OptionalInt;

/** The health check without which an instance's record is not answered. */
public sealed interface DnsHealthCheck {

    DnsHealthCheck NONE = new None();

    /** As it is said. */
    String text();

    /** None, whatever is said elsewhere. */
    record None() implements DnsHealthCheck {
        @Override
        public String text() {
            return "none";
        }
    }

    /**
     * One that somebody has made.
     *
     * @param id Route 53's
     */
    record Existing(String id) implements DnsHealthCheck {
        @Override
        public String text() {
            return id;
        }
    }

    /**
     * One that each instance has for itself, and that is made for it.
     *
     * @param port 1 to 65535; empty for the instance's own
     * @param path of {@code HTTP} and {@code HTTPS}: what is asked for, 1 to 255 characters that begin with a slash; else empty
     * @see <a href="https://docs.aws.amazon.com/Route53/latest/APIReference/API_HealthCheckConfig.html">HealthCheckConfig</a>
     */
    record Own(Kind kind, OptionalInt port, String path) implements DnsHealthCheck {

        public Own {
            if ((kind == Kind.TCP) != path.isEmpty()) {
                throw new IllegalArgumentException();
            }
        }

        @Override
        public String text() {
            return kind.name().toLowerCase(Locale.ROOT) + (port.isPresent() ? ":" + port.getAsInt() : "") + path;
        }
    }

    /**
     * {@code TCP}: a connection is accepted. {@code HTTP}, {@code HTTPS}: a GET is answered with a status of 200 to 399.
     *
     * @see <a href="https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html">How
     *     health is determined</a>
     */
    enum Kind {
        TCP,
        HTTP,
        HTTPS
    }
}
