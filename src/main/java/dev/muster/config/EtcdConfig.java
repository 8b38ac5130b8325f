package dev.muster.config;

import dev.muster.tls.Tls;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * How etcd is reached.
 *
 * @param endpoints all {@code http} or all {@code https}; empty where they are to be discovered
 * @param discovery the domain whose SRV records name the endpoints
 * @param tls present exactly where the endpoints speak TLS
 * @param user present where etcd is to be told who asks
 * @param root what stands before every key, without a trailing slash; empty for nothing
 * @param prefix where services stand below the root, without a trailing slash ({@code /services})
 * @param timeout bound on every single call
 * @param files reads anew what {@code tls} and {@code user} were read from; throws UsageException where it cannot
 */
public record EtcdConfig(
        List<URI> endpoints,
        Optional<String> discovery,
        Optional<Tls> tls,
        Optional<EtcdUser> user,
        String root,
        String prefix,
        Duration timeout,
        Supplier<EtcdSecurity> files) {

    public static final String DEFAULT_PREFIX = "/services";
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(5);

    static final String PREFIX_ALLOWED = "a path such as /services, without a slash at the end";

    public EtcdConfig {
        endpoints = List.copyOf(endpoints);
        if (endpoints.isEmpty() == discovery.isEmpty()) {
            throw new IllegalArgumentException(
                    "endpoints %s: allowed are some, or a domain to discover them".formatted(endpoints));
        }
        String scheme = tls.isPresent() ? "https" : "http";
        if (!endpoints.stream().allMatch(endpoint -> scheme.equals(endpoint.getScheme()))) {
            throw new IllegalArgumentException("endpoints %s: allowed is only %s://".formatted(endpoints, scheme));
        }
        if (!root.isEmpty() && !isPrefix(root)) {
            throw new IllegalArgumentException("root '%s': allowed is nothing, or %s".formatted(root, PREFIX_ALLOWED));
        }
        if (!isPrefix(prefix)) {
            throw new IllegalArgumentException("prefix '%s': allowed is %s".formatted(prefix, PREFIX_ALLOWED));
        }
    }

    /** With a certificate and a password that stand in no file. */
    public EtcdConfig(
            List<URI> endpoints,
            Optional<String> discovery,
            Optional<Tls> tls,
            Optional<EtcdUser> user,
            String root,
            String prefix,
            Duration timeout) {
        this(endpoints, discovery, tls, user, root, prefix, timeout, () -> new EtcdSecurity(tls, user));
    }

    /** In plain text, as nobody, without a root. */
    public EtcdConfig(List<URI> endpoints, String prefix, Duration timeout) {
        this(endpoints, Optional.empty(), Optional.empty(), Optional.empty(), "", prefix, timeout);
    }

    /** The same etcd, at this endpoint alone. */
    public EtcdConfig at(URI endpoint) {
        return new EtcdConfig(List.of(endpoint), Optional.empty(), tls, user, root, prefix, timeout, files);
    }

    /** The same etcd, which is not told who asks. */
    public EtcdConfig asNobody() {
        Supplier<EtcdSecurity> withoutUser = () -> new EtcdSecurity(files.get().tls(), Optional.empty());
        return new EtcdConfig(endpoints, discovery, tls, Optional.empty(), root, prefix, timeout, withoutUser);
    }

    /** The same etcd, with another bound on every call. */
    public EtcdConfig within(Duration bound) {
        return new EtcdConfig(endpoints, discovery, tls, user, root, prefix, bound, files);
    }

    /**
     * The same etcd, with certificates and password as their files have them now.
     *
     * @throws UsageException that names the setting and the file, where one of them cannot be used
     */
    public EtcdConfig renewed() {
        EtcdSecurity now = files.get();
        return new EtcdConfig(endpoints, discovery, now.tls(), now.user(), root, prefix, timeout, files);
    }

    static boolean isPrefix(String text) {
        return text.matches("/[A-Za-z0-9._/-]*[A-Za-z0-9._-]");
    }

    /** Where it is, for people. */
    public String place() {
        return discovery.orElseGet(() -> endpoints.stream().map(URI::toString).collect(Collectors.joining(", ")));
    }
}
