package dev.muster.cli;

import dev.muster.config.HostPort;
import dev.muster.process.TiedProcess;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A single-node etcd that ends with this process. */
final class EtcdChild implements AutoCloseable {

    private static final Duration TO_START = Duration.ofSeconds(15);
    private static final Duration LOOK = Duration.ofMillis(25);
    private static final int ANSWER_MILLIS = 1000;

    private final TiedProcess process;
    private final URI url;
    private final Path log;

    private EtcdChild(TiedProcess process, URI url, Path log) {
        this.process = process;
        this.url = url;
        this.log = log;
    }

    /** Starts it, with its data and its log in that folder; it does not answer yet. */
    static EtcdChild start(String binary, HostPort client, Path folder) throws IOException {
        URI url = URI.create("http://" + client);
        String peer = "http://" + FreePort.any();
        Path log = folder.resolve("etcd.log");
        List<String> command = List.of(
                binary,
                "--name=dev",
                "--data-dir=" + folder.resolve("etcd"),
                "--listen-client-urls=" + url,
                "--advertise-client-urls=" + url,
                "--listen-peer-urls=" + peer,
                "--initial-advertise-peer-urls=" + peer,
                "--initial-cluster=dev=" + peer,
                "--logger=zap",
                "--log-level=warn");
        return new EtcdChild(TiedProcess.start(command, log), url, log);
    }

    URI url() {
        return url;
    }

    /** @throws IOException in a sentence when it ended, or does not serve in time */
    void awaitHealthy(Stop stop) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TO_START.toNanos();
        while (!healthy()) {
            if (!process.alive()) {
                throw new IOException("etcd ended at once; it said: " + lastLine());
            }
            if (System.nanoTime() > deadline) {
                throw new IOException(
                        "etcd does not serve within %d s; it said: %s".formatted(TO_START.toSeconds(), lastLine()));
            }
            if (stop.await(LOOK)) {
                return;
            }
        }
    }

    private boolean healthy() {
        try {
            HttpURLConnection connection =
                    (HttpURLConnection) url.resolve("/health").toURL().openConnection();
            connection.setConnectTimeout(ANSWER_MILLIS);
            connection.setReadTimeout(ANSWER_MILLIS);
            try {
                return connection.getResponseCode() == HttpURLConnection.HTTP_OK;
            } finally {
                connection.disconnect();
            }
        } catch (IOException notYet) {
            return false;
        }
    }

    private String lastLine() throws IOException {
        List<String> lines = Files.readAllLines(log);
        return lines.isEmpty() ? "nothing" : Terminal.safe(lines.getLast());
    }

    @Override
    public void close() throws IOException {
        process.close();
    }
}
