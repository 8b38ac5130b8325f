package dev.muster.doctor;

import dev.muster.config.HostPort;
import dev.muster.model.Name;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/** Whether a role that runs here is ready, by its own page; and whether the page's port is there for it where none runs. */
public final class PagesCheck implements Check {

    private static final Duration ANSWER = Duration.ofSeconds(2);
    private static final int LONGEST = 4096;

    private final String role;
    private final HostPort place;
    private final PortCheck port;

    /** @param role {@code agent}, {@code watcher}, or {@code role} for either */
    public PagesCheck(String role, HostPort place, PortCheck port) {
        this.role = role;
        this.place = place;
        this.port = port;
    }

    @Override
    public Area area() {
        return Area.HOST;
    }

    @Override
    public String name() {
        return role + "-http";
    }

    @Override
    public void run(Report report) {
        Optional<String> said;
        try {
            said = ask();
        } catch (IOException e) {
            said = Optional.empty();
        }
        if (said.isEmpty()) {
            port.run(report);
        } else if (said.get().equals("ready")) {
            report.ok(name(), "the %s at %s is ready".formatted(role, place));
        } else {
            report.warn(
                    name(),
                    "the %s at %s is not ready: %s".formatted(role, place, Name.printable(said.get())),
                    "mend what it says; what it waits for it finds by itself");
        }
    }

    /** @return what Muster's page says; empty where nobody listens or somebody else answers */
    private Optional<String> ask() throws IOException {
        String host = place.host().equals("0.0.0.0") ? "127.0.0.1" : place.host();
        URI page = URI.create("http://" + new HostPort(host, place.port()) + "/health/ready");
        HttpURLConnection connection = (HttpURLConnection) page.toURL().openConnection();
        connection.setConnectTimeout(Math.toIntExact(ANSWER.toMillis()));
        connection.setReadTimeout(Math.toIntExact(ANSWER.toMillis()));
        try {
            int status = connection.getResponseCode();
            InputStream body = status == 200 ? connection.getInputStream() : connection.getErrorStream();
            boolean plain = String.valueOf(connection.getContentType()).startsWith("text/plain");
            if (body == null || !plain || (status != 200 && status != 503)) {
                return Optional.empty();
            }
            try (body) {
                String text = new String(body.readNBytes(LONGEST), StandardCharsets.UTF_8).strip();
                return status == 200 && !text.equals("ready") ? Optional.empty() : Optional.of(text);
            }
        } finally {
            connection.disconnect();
        }
    }
}
