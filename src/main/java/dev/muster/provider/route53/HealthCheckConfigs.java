package dev.muster.provider.route53;

import dev.muster.model.Addresses;
import dev.muster.model.DnsHealthCheck.Kind;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.route53.model.HealthCheckConfig;

/**
 * What a health check asks, as Route 53 has it.
 *
 * @see <a href="https://docs.aws.amazon.com/Route53/latest/APIReference/API_HealthCheckConfig.html">HealthCheckConfig</a>
 */
final class HealthCheckConfigs {

    /** In seconds; one of 10 costs more. */
    private static final int INTERVAL = 30;

    /** Answers of one checker in a row that make a verdict. */
    private static final int THRESHOLD = 3;

    private HealthCheckConfigs() {}

    static HealthCheckConfig of(CheckedEndpoint endpoint) {
        HealthCheckConfig.Builder to = HealthCheckConfig.builder()
                .type(endpoint.kind().name())
                .ipAddress(endpoint.address())
                .port(endpoint.port())
                .requestInterval(INTERVAL)
                .failureThreshold(THRESHOLD);
        if (!endpoint.path().isEmpty()) {
            to.resourcePath(endpoint.path());
        }
        if (!endpoint.host().isEmpty()) {
            to.fullyQualifiedDomainName(endpoint.host());
        }
        if (endpoint.kind() == Kind.HTTPS) {
            to.enableSNI(!endpoint.host().isEmpty());
        }
        return to.build();
    }

    /** Empty for one of a kind that is not made here. */
    static Optional<CheckedEndpoint> read(HealthCheckConfig config) {
        String address = given(config.ipAddress());
        Optional<Kind> kind = Arrays.stream(Kind.values())
                .filter(one -> one.name().equals(config.typeAsString()))
                .findFirst();
        boolean literal = Addresses.isIpv4(address) || Addresses.isIpv6(address);
        return kind.filter(one -> literal && config.port() != null)
                .map(one -> new CheckedEndpoint(
                        one,
                        Addresses.byRange(address).preferred(),
                        config.port(),
                        given(config.resourcePath()),
                        given(config.fullyQualifiedDomainName())));
    }

    private static String given(@Nullable String text) {
        return text == null ? "" : text;
    }
}
