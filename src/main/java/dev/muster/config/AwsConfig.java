package dev.muster.config;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * How AWS is reached, and as whom.
 *
 * @param region empty where the SDK's chain is to say it; Route 53 has none of its own
 * @param endpoint in place of AWS's own, for every API
 * @param timeout bound on one call, its connection included
 * @param credentials where it is found who calls
 * @param role that is taken by whoever that is; empty where it calls itself
 */
public record AwsConfig(
        Optional<String> region,
        Optional<URI> endpoint,
        Duration timeout,
        Credentials credentials,
        Optional<Role> role) {

    public enum Credentials {
        /** By the SDK's chain: the environment, the profile files, the container's or the machine's role. */
        DEFAULT,
        /** In etcd, where presence-dns had them. */
        ETCD
    }

    /**
     * @param arn of the role
     * @param externalId what its owner wants to be told, where that is so
     */
    public record Role(String arn, Optional<String> externalId) {}

    /** Of whoever the SDK's chain finds. */
    public AwsConfig(Optional<String> region, Optional<URI> endpoint, Duration timeout) {
        this(region, endpoint, timeout, Credentials.DEFAULT, Optional.empty());
    }
}
