package dev.muster.cli;

import dev.muster.process.TiedProcess;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A program that ends with this process, and that says over HTTP whether it serves. */
final class ServingChild implements AutoCloseable {

    private static final Duration TO_START = Duration.ofSeconds(30);
    private static final Duration LOOK = Duration.ofMillis(25);
    private static final int ANSWER_MILLIS = 1000;

    private final String name;
    private final TiedProcess process;
    private final URI health;
    private final Path log;

    private ServingChild(String name, TiedProcess process, URI health, Path log) {
        this.name = name;
        this.process = process;
        this.health = health;
        this.log = log;
    }

    /**
     * Starts it; it does not answer yet.
     *
     * @param health answers 200 once it serves
     * @param folder where its log goes
     * @param grace how long it may take to end by itself once it is told to
     */
    static ServingChild start(String name, List<String> command, URI health, Path folder, Duration grace)
            throws IOException {
        Path log = folder.resolve(name + ".log");
        return new ServingChild(name, TiedProcess.start(command, log, grace), health, log);
    }

    /** Waits until it serves, or {@code stop} is requested. @throws IOException in a sentence when it ended, or does not serve in time */
    void awaitServing(Stop stop) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TO_START.toNanos();
        while (!answers(health)) {
            if (!process.alive()) {
                throw new IOException("%s ended at once; it said: %s".formatted(name, lastLine()));
            }
            if (System.nanoTime() > deadline) {
                throw new IOException(
                        "%s does not serve within %d s; it said: %s".formatted(name, TO_START.toSeconds(), lastLine()));
            }
            if (stop.await(LOOK)) {
                return;
            }
        }
    }

    /** What it said last; of Muster itself why it ended, since its JVM may say more after that. */
    String lastLine() throws IOException {
        List<String> lines = Files.readAllLines(log);
        return lines.reversed().stream()
                .filter(line -> line.startsWith("muster: "))
                .findFirst()
                .map(Terminal::safe)
                .orElseGet(() -> lines.isEmpty() ? "nothing" : Terminal.safe(lines.getLast()));
    }

    private static boolean answers(URI page) {
        try {
            HttpURLConnection connection = (HttpURLConnection) page.toURL().openConnection();
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

    /** Ends it, and waits for that. */
    @Override
    public void close() throws IOException {
        process.close();
    }
}
