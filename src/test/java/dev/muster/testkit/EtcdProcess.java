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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * One real etcd node as a child process, on free ports and in a temporary folder that it keeps over restarts. Needs the
 * programs {@code etcd} and {@code etcdctl} on the path.
 */
public final class EtcdProcess implements AutoCloseable {

    private final String name;
    private final Path folder;
    private final int clientPort = Ports.free();
    private final int peerPort = Ports.free();
    private final int metricsPort = Ports.free();
    private final Thread atExit = new Thread(this::kill);
    private final List<String> options;
    private List<String> ctlOptions = List.of();
    private String initialCluster;
    private String token = "first";
    private int advertisedPeerPort = peerPort;
    private boolean paused;
    private @Nullable Process process;

    EtcdProcess(String name, List<String> options) {
        this.name = name;
        this.options = List.copyOf(options);
        this.initialCluster = peer();
        try {
            folder = Files.createTempDirectory("muster-etcd");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    /**
     * A fresh node that answers.
     *
     * @param options more of its flags; {@code --cert-file} among them makes it speak TLS
     */
    public static EtcdProcess start(String... options) {
        EtcdProcess etcd = new EtcdProcess("test", List.of(options));
        etcd.startAgain();
        return etcd;
    }

    /** The scheme is https where it speaks TLS. */
    public URI endpoint() {
        boolean tls = options.stream().anyMatch(option -> option.startsWith("--cert-file"));
        return URI.create((tls ? "https" : "http") + "://127.0.0.1:" + clientPort);
    }

    /** How {@link #ctl} reaches it from now on: flags or, with users, {@code --user=NAME:PASSWORD}. */
    public EtcdProcess ctlWith(String... flags) {
        ctlOptions = List.of(flags);
        return this;
    }

    /** Its place in a cluster's list of members. */
    String peer() {
        return name + "=" + peerUrl();
    }

    private String peerUrl() {
        return "http://127.0.0.1:" + advertisedPeerPort;
    }

    int peerPort() {
        return peerPort;
    }

    /** @param port where the other members find it, before it is started first */
    void isReachedAt(int port) {
        advertisedPeerPort = port;
        initialCluster = peer();
    }

    /** How etcd writes its id in what it says to other members. */
    String id() {
        return Long.toHexString(Long.parseUnsignedLong(number(status(), "member_id")));
    }

    long pid() {
        return running().pid();
    }

    /** @param members all that the cluster begins with, before it is started first */
    void isOneOf(String members) {
        initialCluster = members;
    }

    public int port() {
        return clientPort;
    }

    /** Starts it on the data that it left, and waits until it answers. */
    public void startAgain() {
        startWithoutWaiting();
        Awaitility.await("etcd answers").atMost(Duration.ofSeconds(60)).until(this::isHealthy);
    }

    /** The same, and does not wait: one of several members answers only once there is a quorum. */
    public void startWithoutWaiting() {
        String client = endpoint().toString();
        List<String> command = new ArrayList<>(List.of(
                "etcd",
                "--name=" + name,
                "--data-dir=" + folder.resolve("data"),
                "--listen-client-urls=" + client,
                "--advertise-client-urls=" + client,
                "--listen-peer-urls=http://127.0.0.1:" + peerPort,
                "--initial-advertise-peer-urls=" + peerUrl(),
                "--listen-metrics-urls=http://127.0.0.1:" + metricsPort,
                "--initial-cluster=" + initialCluster,
                "--initial-cluster-token=" + token,
                "--logger=zap",
                "--enable-v2=false"));
        command.addAll(options);
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
        paused = true;
    }

    /** SIGCONT. */
    public void unpause() {
        signal("CONT");
        paused = false;
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

    /** Saves all that it has, as people do for a backup. */
    public Path snapshot() {
        Path file = folder.resolve("snapshot-" + revision());
        ctl("snapshot", "save", file.toString());
        return file;
    }

    /** Stops it, and starts it with what a snapshot holds, as the same cluster: its revision goes back. */
    public void restore(Path snapshot) {
        kill();
        delete(folder.resolve("data"));
        ctl(
                "snapshot",
                "restore",
                snapshot.toString(),
                "--name=" + name,
                "--initial-cluster=" + initialCluster,
                "--initial-cluster-token=" + token,
                "--initial-advertise-peer-urls=" + peerUrl(),
                "--data-dir=" + folder.resolve("data"));
        startAgain();
    }

    /** Compacts at the newest revision. */
    public void compact() {
        ctl("compact", "--physical", Long.toString(revision()));
    }

    /** The newest revision. */
    public long revision() {
        return Long.parseLong(number(status(), "revision"));
    }

    /** Whether it runs and answers, and takes itself for the leader. */
    boolean isLeader() {
        if (process == null || paused) {
            return false;
        }
        String status = status();
        return number(status, "leader").equals(number(status, "member_id"));
    }

    private String status() {
        return ctl("endpoint", "status", "--write-out=json");
    }

    /** A number of etcdctl's JSON, "0" where it is left out. */
    private static String number(String json, String member) {
        Matcher found = Pattern.compile("\"" + member + "\":(\\d+)").matcher(json);
        return found.find() ? found.group(1) : "0";
    }

    /** Runs etcdctl; fails with what it said unless it ends with 0. */
    public String ctl(String... arguments) {
        return ctlWithInput(new byte[0], arguments);
    }

    /** Runs etcdctl with something on its standard input: {@code put <key>} takes the value from there. */
    public String ctlWithInput(byte[] input, String... arguments) {
        List<String> command = new ArrayList<>(List.of("etcdctl", "--endpoints=" + endpoint()));
        command.addAll(ctlOptions);
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
            URI health = URI.create("http://127.0.0.1:" + metricsPort + "/health");
            HttpURLConnection connection = (HttpURLConnection) health.toURL().openConnection();
            connection.setConnectTimeout(500);
            connection.setReadTimeout(500);
            return connection.getResponseCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    /** Its metrics. */
    public Pages pages() {
        return new Pages("127.0.0.1", metricsPort);
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
        paused = false;
    }

    private Process running() {
        Process running = process;
        if (running == null) {
            throw new IllegalStateException("etcd does not run");
        }
        return running;
    }

    private void signal(String name) {
        try {
            Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(pid())).start();
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
