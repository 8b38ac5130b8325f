package dev.muster.provider.route53;

import dev.muster.model.Addresses;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import software.amazon.awssdk.services.route53.model.HealthCheckConfig;

/** The health checks of an account as the documentation has them. Not thread-safe. */
final class FakeHealthChecks {

    /** One of them. */
    record Check(String id, String reference, HealthCheckConfig config) {}

    /**
     * Of a listing.
     *
     * @param next the id with which the next page begins
     */
    record Page(List<Check> checks, Optional<String> next) {}

    /**
     * By the reference at most 1,000, by older ones 100: whoever calls must be content with fewer.
     *
     * @see <a href="https://docs.aws.amazon.com/Route53/latest/APIReference/API_ListHealthChecks.html">ListHealthChecks</a>
     */
    private static final int PAGE = 100;

    private final TreeMap<String, Check> checks = new TreeMap<>();

    private final Set<String> deleted = new HashSet<>();

    /** https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DNSLimitations.html, "200 active health checks per account". */
    private int most = 200;

    private long made;

    /** The account has another limit. */
    void most(int number) {
        most = number;
    }

    /** There is one of this id, whoever made it. */
    void put(String id) {
        put(
                id,
                "by-hand-" + id,
                HealthCheckConfig.builder()
                        .type("TCP")
                        .ipAddress("198.51.100.1")
                        .port(80)
                        .build());
    }

    void put(String id, String reference, HealthCheckConfig config) {
        checks.put(id, new Check(id, reference, config));
    }

    /** A person's hand. */
    void remove(String id) {
        deleted.add(Objects.requireNonNull(checks.remove(id), id).reference());
    }

    boolean has(String id) {
        return checks.containsKey(id);
    }

    List<Check> all() {
        return List.copyOf(checks.values());
    }

    /** https://docs.aws.amazon.com/Route53/latest/APIReference/API_CreateHealthCheck.html */
    Check create(String reference, HealthCheckConfig config) throws FakeZone.Refusal {
        // "CallerReference: Length Constraints: Minimum length of 1. Maximum length of 64."
        if (reference.isEmpty() || reference.length() > 64) {
            throw new FakeZone.Refusal("InvalidInput", "callerReference: length 1 to 64");
        }
        List<String> faults = faults(config);
        if (!faults.isEmpty()) {
            throw new FakeZone.Refusal("InvalidInput", String.join(", ", faults));
        }
        // "... the same CallerReference as a deleted health check, regardless of the settings, ...
        // HealthCheckAlreadyExists"
        if (deleted.contains(reference)) {
            throw alreadyExists(reference);
        }
        for (Check there : checks.values()) {
            if (there.reference().equals(reference)) {
                // "... and settings as a previous request ... returns the settings for the existing health check."
                if (there.config().equals(config)) {
                    return there;
                }
                // "... as an existing health check but with different settings, ... HealthCheckAlreadyExists"
                throw alreadyExists(reference);
            }
        }
        if (checks.size() >= most) {
            throw new FakeZone.Refusal(
                    "TooManyHealthChecks", "The current account has reached the limit on active health checks");
        }
        Check check = new Check(new UUID(0x4000L, ++made).toString(), reference, config);
        checks.put(check.id(), check);
        return check;
    }

    private static FakeZone.Refusal alreadyExists(String reference) {
        return new FakeZone.Refusal(
                "HealthCheckAlreadyExists",
                "A health check with caller reference %s has already been created".formatted(reference));
    }

    /** https://docs.aws.amazon.com/Route53/latest/APIReference/API_HealthCheckConfig.html */
    private static List<String> faults(HealthCheckConfig config) {
        List<String> faults = new ArrayList<>();
        boolean tcp = "TCP".equals(config.typeAsString());
        if (!tcp && !Set.of("HTTP", "HTTPS").contains(String.valueOf(config.typeAsString()))) {
            faults.add("type: of another kind than is asked for here");
        }
        // "Route 53 can't check the health of endpoints for which the IP address is in local, private, non-routable, or
        // multicast ranges." Its own examples, 192.0.2.44 and 2001:db8:..., are taken.
        if (!Addresses.isGlobal(String.valueOf(config.ipAddress()))) {
            faults.add("Invalid IP address: " + config.ipAddress());
        }
        // "Port: Valid Range: Minimum value of 1. Maximum value of 65535."
        if (config.port() == null || config.port() < 1 || config.port() > 65535) {
            faults.add("port: 1 to 65535");
        }
        // "ResourcePath: Maximum length of 255"; only where something is asked for.
        if (config.resourcePath() != null && (tcp || config.resourcePath().length() > 255)) {
            faults.add("resourcePath: at most 255 characters, and none with TCP");
        }
        // "FullyQualifiedDomainName: Maximum length of 255."
        if (config.fullyQualifiedDomainName() != null
                && config.fullyQualifiedDomainName().length() > 255) {
            faults.add("fullyQualifiedDomainName: at most 255 characters");
        }
        // "RequestInterval: Minimum value of 10. Maximum value of 30." "FailureThreshold: 1 to 10."
        if (config.requestInterval() != null && !Set.of(10, 30).contains(config.requestInterval())) {
            faults.add("requestInterval: 10 or 30");
        }
        return faults;
    }

    /**
     * "Amazon Route 53 does not prevent you from deleting a health check even if the health check is associated with one or more
     * resource record sets." {@code HealthCheckInUse} "is not in use".
     *
     * @see <a href="https://docs.aws.amazon.com/Route53/latest/APIReference/API_DeleteHealthCheck.html">DeleteHealthCheck</a>
     */
    void delete(String id) throws FakeZone.Refusal {
        if (!has(id)) {
            throw new FakeZone.Refusal("NoSuchHealthCheck", "No health check exists with the specified ID: " + id);
        }
        remove(id);
    }

    /** From this id on; "NextMarker: ... the first health check that Amazon Route 53 returns". */
    Page list(String marker) {
        List<Check> rest = List.copyOf(checks.tailMap(marker, true).values());
        return rest.size() > PAGE
                ? new Page(rest.subList(0, PAGE), Optional.of(rest.get(PAGE).id()))
                : new Page(rest, Optional.empty());
    }
}
