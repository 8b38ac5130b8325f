package dev.muster.registry.etcd;

import dev.muster.config.EtcdConfig;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import javax.net.ssl.HttpsURLConnection;

/**
 * What a member tells as pages on its client port and nowhere else: its clock, as the {@code Date} header of any
 * answer (RFC 9110, section 6.6.1), and some of its metrics. Not every etcd serves these pages there, so everything may be
 * empty.
 */
final class EtcdPages {

    private static final int LONGEST = 4 << 20;

    private final EtcdConfig config;
    private final URI endpoint;

    EtcdPages(EtcdConfig config, URI endpoint) {
        this.config = config;
        this.endpoint = endpoint;
    }

    /** The member's clock, which is told in whole seconds, less this machine's; zero where they may be equal. */
    Optional<Duration> clockOffset() {
        try {
            HttpURLConnection connection = open("/version");
            Instant before = Instant.now();
            connection.getResponseCode();
            Instant after = Instant.now();
            connection.disconnect();
            long date = connection.getHeaderFieldDate("Date", 0);
            return date == 0 ? Optional.empty() : Optional.of(offset(Instant.ofEpochMilli(date), before, after));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** @param told cut to a whole second, some time between the two others */
    static Duration offset(Instant told, Instant before, Instant after) {
        if (told.isAfter(after)) {
            return Duration.between(after, told);
        }
        Instant latest = told.plusSeconds(1);
        return latest.isBefore(before) ? Duration.between(before, latest) : Duration.ZERO;
    }

    /** The member's own figures. */
    Optional<Figures> figures() {
        try {
            HttpURLConnection connection = open("/metrics");
            try (InputStream in = connection.getInputStream()) {
                return Optional.of(Figures.of(new String(in.readNBytes(LONGEST), StandardCharsets.UTF_8)));
            } finally {
                connection.disconnect();
            }
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private HttpURLConnection open(String path) throws IOException {
        try {
            URI page = new URI(endpoint.getScheme(), endpoint.getRawAuthority(), path, null, null);
            HttpURLConnection connection = (HttpURLConnection) page.toURL().openConnection();
            if (connection instanceof HttpsURLConnection secure && config.tls().isPresent()) {
                secure.setSSLSocketFactory(config.tls().get().context().getSocketFactory());
            }
            int millis = Math.toIntExact(config.timeout().toMillis());
            connection.setConnectTimeout(millis);
            connection.setReadTimeout(millis);
            return connection;
        } catch (URISyntaxException | GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    /**
     * Of its metrics page.
     *
     * @param quotaBytes how large its database may become
     * @param compactedAt the revision up to which history is gone; -1 where nothing has ever been compacted
     */
    record Figures(OptionalLong quotaBytes, OptionalLong compactedAt) {

        /** Prometheus' text format: {@code name value}. */
        static Figures of(String page) {
            return new Figures(
                    number(page, "etcd_server_quota_backend_bytes "),
                    number(page, "etcd_debugging_mvcc_compact_revision "));
        }

        private static OptionalLong number(String page, String name) {
            Optional<String> line =
                    page.lines().filter(each -> each.startsWith(name)).findFirst();
            try {
                return line.isEmpty()
                        ? OptionalLong.empty()
                        : OptionalLong.of((long) Double.parseDouble(line.get().substring(name.length())));
            } catch (NumberFormatException e) {
                return OptionalLong.empty();
            }
        }
    }
}
