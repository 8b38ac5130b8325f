package dev.muster.config;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How AWS is reached, and as whom.
 *
 * @param region empty where the SDK's chain is to say it; Route 53 has none of its own
 * @param endpoint in place of AWS's own, for every API
 * @param timeout bound on one call, its connection included
 * @param credentials where it is found who calls
 * @param roles that are taken, the first by whoever that is, each other by the one before it; empty where it calls itself
 */
public record AwsConfig(
        Optional<String> region, Optional<URI> endpoint, Duration timeout, Credentials credentials, List<Role> roles) {

    public AwsConfig {
        roles = List.copyOf(roles);
    }

    public enum Credentials {
        /** By the SDK's chain: the environment, the profile files, the container's or the machine's role. */
        DEFAULT,
        /** In etcd, where presence-dns had them. */
        ETCD
    }

    /**
     * @param arn of the role
     * @param externalId what its owner wants to be told, where that is so
     * @param session as which its account's log has whoever took it, 2 to 64 letters, digits and {@code _+=,.@-}
     */
    public record Role(String arn, Optional<String> externalId, String session) {}

    /** Of whoever the SDK's chain finds. */
    public AwsConfig(Optional<String> region, Optional<URI> endpoint, Duration timeout) {
        this(region, endpoint, timeout, Credentials.DEFAULT, List.of());
    }

    /** The same, which takes one role more. */
    public AwsConfig taking(Role role) {
        return taking(Stream.concat(roles.stream(), Stream.of(role)).toList());
    }

    /** The same with other roles. */
    public AwsConfig taking(List<Role> others) {
        return new AwsConfig(region, endpoint, timeout, credentials, others);
    }
}
