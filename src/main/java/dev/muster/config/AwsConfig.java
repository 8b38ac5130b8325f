package dev.muster.config;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * How AWS is reached. Who calls is found by the SDK's default chain: the environment, the profile files, the container's or
 * the machine's role.
 *
 * @param region empty where the SDK's chain is to say it; Route 53 has none of its own
 * @param endpoint in place of AWS's own, for every API
 * @param timeout bound on one call, its connection included
 */
public record AwsConfig(Optional<String> region, Optional<URI> endpoint, Duration timeout) {}
