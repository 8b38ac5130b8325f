package dev.muster.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * One real etcd node as a child process, on free ports and in a temporary folder that it keeps over restarts. Needs the
 * programs {@code etcd} and {@code etcdctl} on the path.
 */
public final class EtcdProcess implements AutoCloseable {

    private final Path folder;
    private final int clientPort = Ports.free();
    private final int peerPort = Ports.free();
    private final Thread atExit = new Thread(this::kill);
    private final List<String> more;
    private String token = "first";
    private @Nullable Process process;

    private EtcdProcess(String... more) throws IOException {
        this.more = List.of(more);
        folder = Files.createTempDirectory("muster-etcd");
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    /**
     * A fresh node that answers.
     *
     * @param more flags besides its own
     */
    public static EtcdProcess start(String... more) {
        try {
            EtcdProcess etcd = new EtcdProcess(more);
            etcd.startAgain();
            return etcd;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + clientPort);
    }

    public int port() {
        return clientPort;
    }

    /** Starts it on the data that it left, and waits until it answers. */
    public void startAgain() {
        startWithoutWaiting();
        Awaitility.await("etcd answers").atMost(Duration.ofSeconds(20)).until(this::isHealthy);
    }

    private void startWithoutWaiting() {
        String client = endpoint().toString();
        String peer = "http://127.0.0.1:" + peerPort;
        List<String> command = new ArrayList<>(List.of(
                "etcd",
                "--name=test",
                "--data-dir=" + folder.resolve("data"),
                "--listen-client-urls=" + client,
                "--advertise-client-urls=" + client,
                "--listen-peer-urls=" + peer,
                "--initial-advertise-peer-urls=" + peer,
                "--initial-cluster=test=" + peer,
                "--initial-cluster-token=" + token,
                "--logger=zap",
                "--enable-v2=false"));
        command.addAll(more);
        try {
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(
                            folder.resolve("log").toFile()))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** SIGTERM, and waits for its end. */
    public void stop() {
        end(false);
    }

    /** SIGKILL, and waits for its end. */
    public void kill() {
        end(true);
    }

    /** SIGSTOP: its port still accepts, and nothing answers. */
    public void pause() {
        signal("STOP");
    }

    /** SIGCONT. */
    public void unpause() {
        signal("CONT");
    }

    /** Stops it, throws its data away and starts it empty, as the same cluster. */
    public void wipe() {
        wipe(token);
    }

    /** The same, as another cluster. */
    public void wipe(String newToken) {
        kill();
        token = newToken;
        delete(folder.resolve("data"));
        startAgain();
    }

    /** Compacts at the newest revision. */
    public void compact() {
        ctl("compact", "--physical", Long.toString(revision()));
    }

    /** The newest revision. */
    public long revision() {
        String status = ctl("endpoint", "status", "--write-out=json");
        int at = status.indexOf("\"revision\":") + "\"revision\":".length();
        int end = at;
        while (Character.isDigit(status.charAt(end))) {
            end++;
        }
        return Long.parseLong(status.substring(at, end));
    }

    /** Runs etcdctl; fails with what it said unless it ends with 0. */
    public String ctl(String... arguments) {
        return ctlWithInput(new byte[0], arguments);
    }

    /** Runs etcdctl with something on its standard input: {@code put <key>} takes the value from there. */
    public String ctlWithInput(byte[] input, String... arguments) {
        List<String> command = new ArrayList<>(List.of("etcdctl", "--endpoints=" + endpoint()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("ETCDCTL_API", "3");
        try {
            Process ctl = builder.start();
            try (var in = ctl.getOutputStream()) {
                in.write(input);
            }
            String said = new String(ctl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (ctl.waitFor() != 0) {
                throw new IllegalStateException(command + " ended with " + ctl.exitValue() + ": " + said);
            }
            return said;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(command + " was interrupted", e);
        }
    }

    /** Puts one key; etcdctl would take a value that starts with a dash for a flag. */
    public void put(String key, String value) {
        ctlWithInput(value.getBytes(StandardCharsets.UTF_8), "put", key);
    }

    public boolean isHealthy() {
        try {
            HttpURLConnection connection =
                    (HttpURLConnection) endpoint().resolve("/health").toURL().openConnection();
            connection.setConnectTimeout(500);
            connection.setReadTimeout(500);
            return connection.getResponseCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    private void end(boolean hard) {
        Process running = process;
        if (running == null) {
            return;
        }
        if (hard) {
            running.destroyForcibly();
        } else {
            running.destroy();
        }
        try {
            if (!running.waitFor(20, TimeUnit.SECONDS)) {
                throw new IllegalStateException("etcd does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process = null;
    }

    private void signal(String name) {
        Process running = process;
        if (running == null) {
            throw new IllegalStateException("etcd does not run");
        }
        try {
            Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(running.pid())).start();
            if (kill.waitFor() != 0) {
                throw new IllegalStateException("kill -" + name + " ended with " + kill.exitValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void delete(Path tree) {
        try (Stream<Path> paths = Files.walk(tree)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        kill();
        delete(folder);
        Runtime.getRuntime().removeShutdownHook(atExit);
    }
}
