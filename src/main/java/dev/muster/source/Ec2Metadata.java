package dev.muster.source;

import dev.muster.model.Addresses;
import dev.muster.model.Name;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/**
 * The addresses of an EC2 instance, from its metadata service in version 2, which wants a token first
 * (<a href="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html">AWS: how IMDSv2
 * works</a>). The JDK's old client does: it is in the one module that is there anyway.
 */
final class Ec2Metadata {

    static final URI SERVER = URI.create("http://169.254.169.254");
    static final Duration TIMEOUT = Duration.ofSeconds(3);

    private static final String TTL_SECONDS = "60";
    private static final int MOST_BYTES = 1024;

    private final URI server;
    private final Duration timeout;

    /** @param timeout bound on all calls together */
    Ec2Metadata(URI server, Duration timeout) {
        this.server = server;
        this.timeout = timeout;
    }

    /**
     * Its addresses; empty where the service answers and knows of none.
     *
     * @throws IOException when it does not answer in time, or as it should
     */
    Optional<Addresses> read() throws IOException {
        long deadline = System.nanoTime() + timeout.toNanos();
        String token = call("PUT", "/latest/api/token", "X-aws-ec2-metadata-token-ttl-seconds", TTL_SECONDS, deadline);
        String publicIpv4 = get("public-ipv4", token, deadline);
        String privateIpv4 = get("local-ipv4", token, deadline);
        String ipv6 = get("ipv6", token, deadline);
        if (publicIpv4.isEmpty() && privateIpv4.isEmpty() && ipv6.isEmpty()) {
            return Optional.empty();
        }
        try {
            Addresses byRange = ipv6.isEmpty() ? null : Addresses.byRange(ipv6);
            return Optional.of(new Addresses(
                    publicIpv4,
                    privateIpv4,
                    byRange == null ? "" : byRange.publicIpv6(),
                    byRange == null ? "" : byRange.privateIpv6()));
        } catch (IllegalArgumentException e) {
            throw new IOException("what it answers is no address: " + e.getMessage(), e);
        }
    }

    private String get(String category, String token, long deadline) throws IOException {
        return call("GET", "/latest/meta-data/" + category, "X-aws-ec2-metadata-token", token, deadline);
    }

    /** The answer's text, empty where there is no such thing (404). */
    private String call(String method, String path, String header, String value, long deadline) throws IOException {
        HttpURLConnection call =
                (HttpURLConnection) server.resolve(path).toURL().openConnection(Proxy.NO_PROXY);
        try {
            int millis = (int) Math.max(1, (deadline - System.nanoTime()) / 1_000_000);
            call.setRequestMethod(method);
            call.setConnectTimeout(millis);
            call.setReadTimeout(millis);
            call.setInstanceFollowRedirects(false);
            call.setUseCaches(false);
            call.setRequestProperty(header, value);
            int status = call.getResponseCode();
            if (status == HttpURLConnection.HTTP_NOT_FOUND && method.equals("GET")) {
                return "";
            }
            if (status != HttpURLConnection.HTTP_OK) {
                throw new IOException("%s %s is answered %d".formatted(method, path, status));
            }
            try (InputStream body = call.getInputStream()) {
                return text(new String(body.readNBytes(MOST_BYTES), StandardCharsets.US_ASCII));
            }
        } catch (SocketTimeoutException e) {
            throw new IOException("no answer within %d ms".formatted(timeout.toMillis()), e);
        } finally {
            call.disconnect();
        }
    }

    private static String text(String answer) throws IOException {
        String text = answer.strip();
        if (!text.chars().allMatch(c -> c > ' ' && c <= '~')) {
            throw new IOException("an answer that is no word: '%s'".formatted(Name.printable(text)));
        }
        return text;
    }
}
