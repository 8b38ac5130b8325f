package dev.muster.provider.route53;

import dev.muster.model.Addresses;
import dev.muster.model.DnsHealthCheck;
import dev.muster.model.DnsHealthCheck.Kind;
import dev.muster.model.DnsSettings;
import dev.muster.model.Target;
import java.util.Comparator;
import java.util.Locale;

/**
 * What a health check asks, and by which one is told from another. How often it asks, and how many answers make a verdict, is
 * not part of it: a person may change that.
 *
 * @param address a literal, IPv6 in its canonical form (RFC 5952)
 * @param port 1 to 65535
 * @param path of {@code HTTP} and {@code HTTPS}, begins with a slash; else empty
 * @param host in the Host header of such a request, or empty
 * @see <a href="https://docs.aws.amazon.com/Route53/latest/APIReference/API_HealthCheckConfig.html">HealthCheckConfig</a>
 */
record CheckedEndpoint(Kind kind, String address, int port, String path, String host)
        implements Comparable<CheckedEndpoint> {

    private static final Comparator<CheckedEndpoint> ORDER = Comparator.comparing(CheckedEndpoint::address)
            .thenComparingInt(CheckedEndpoint::port)
            .thenComparing(CheckedEndpoint::kind)
            .thenComparing(CheckedEndpoint::path)
            .thenComparing(CheckedEndpoint::host);

    /**
     * Of one instance under this name.
     *
     * @throws IllegalArgumentException where Route 53's checkers, which are outside of every private network, cannot reach it
     */
    static CheckedEndpoint of(DnsHealthCheck.Own check, Target target, DnsName name) {
        if (!Addresses.isGlobal(target.address())) {
            throw new IllegalArgumentException(
                    "%s '%s': Route 53's health checkers do not reach %s; allowed are instances with addresses that are reached from anywhere, or none"
                            .formatted(DnsSettings.HEALTH_CHECK, check.text(), target.address()));
        }
        boolean asksForName = check.kind() != Kind.TCP && !name.text().startsWith("*");
        return new CheckedEndpoint(
                check.kind(),
                target.address(),
                check.port().orElse(target.port()),
                check.path(),
                asksForName ? name.text() : "");
    }

    @Override
    public int compareTo(CheckedEndpoint other) {
        return ORDER.compare(this, other);
    }

    /** {@code http 203.0.113.5:80/health as web.example.com}. */
    @Override
    public String toString() {
        return "%s %s%s%s"
                .formatted(
                        kind.name().toLowerCase(Locale.ROOT),
                        new Target(address, port),
                        path,
                        host.isEmpty() ? "" : " as " + host);
    }
}
