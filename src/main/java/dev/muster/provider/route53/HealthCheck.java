package dev.muster.provider.route53;

import java.util.Optional;

/**
 * A health check of the account.
 *
 * @param reference what whoever made it has called it: it is part of the very call that makes it, and never changes
 * @param endpoint empty for one of a kind that Muster does not make, or of which a person has made one
 * @see <a href="https://docs.aws.amazon.com/Route53/latest/APIReference/API_HealthCheck.html">HealthCheck</a>
 */
record HealthCheck(String id, String reference, Optional<CheckedEndpoint> endpoint) {

    /** For people. */
    String words() {
        return "health check %s%s".formatted(id, endpoint.map(one -> " " + one).orElse(""));
    }
}
