package dev.muster.registry.etcd;

import dev.muster.config.EtcdConfig;
import dev.muster.config.EtcdUser;
import dev.muster.tls.Tls;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.ClientBuilder;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLException;

/** Clients of the library, each for one member. Building connects to nothing. */
final class Clients {

    /** More than any answer that a whole unpaged read of the largest fleet gives. */
    private static final int MAX_ANSWER_BYTES = 512 << 20;

    private Clients() {}

    static Client build(EtcdConfig config, URI endpoint) {
        ClientBuilder builder = Client.builder()
                .endpoints(endpoint)
                // An answer is wanted, not patience: an absent etcd is an error at once, which the caller handles.
                .waitForReady(false)
                // Who calls knows what may be sent twice.
                .retryMaxAttempts(0)
                .connectTimeout(Duration.ofSeconds(2))
                // gRPC allows no less than 10 s; what must be noticed sooner is probed.
                .keepaliveTime(Duration.ofSeconds(10))
                .keepaliveTimeout(Duration.ofSeconds(3))
                .maxInboundMessageSize(MAX_ANSWER_BYTES)
                .interceptor(new RenewalStream())
                .namespace(EtcdKeys.bytes(config.root()));
        Optional<EtcdUser> user = config.user();
        if (user.isPresent()) {
            builder.user(EtcdKeys.bytes(user.get().name()))
                    .password(EtcdKeys.bytes(user.get().password()));
        }
        if (config.tls().isPresent()) {
            secure(builder, config.tls().get());
        }
        return builder.build();
    }

    /** gRPC compares the certificate with the endpoint's host by itself. */
    private static void secure(ClientBuilder builder, Tls tls) {
        try {
            builder.sslContext(context -> {
                tls.authorities().ifPresent(context::trustManager);
                tls.identity().ifPresent(own -> context.keyManager(own.key(), own.chain()));
            });
        } catch (SSLException e) {
            throw new IllegalStateException("TLS cannot be set up: " + e.getMessage(), e);
        }
    }
}
