package dev.muster.bench;

import io.etcd.jetcd.Client;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The floor of idling: a JVM that renews one lease through etcd's client, and nothing else. */
final class BareRenewal implements AutoCloseable {

    private static final long TTL_SECONDS = 10;

    /** As the launcher has them for an agent; what is used a few times a minute is compiled early, as in a rehearsed agent. */
    private static final List<String> OPTIONS = List.of(
            "-XX:CompileThresholdScaling=0.02",
            "-XX:+UseSerialGC",
            "-Xmx32m",
            "-Xms8m",
            "-Xmn4m",
            "-XX:TieredStopAtLevel=1",
            "-Xss256k",
            "-XX:+UseCompactObjectHeaders",
            "-XX:-UsePerfData",
            "-XX:ReservedCodeCacheSize=12m",
            "-XX:SweeperThreshold=100",
            "-Dio.netty.allocator.type=unpooled",
            "-Dio.netty.eventLoopThreads=1",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow");

    private final Process process;

    private BareRenewal(Process process) {
        this.process = process;
    }

    static BareRenewal start(Path log, URI etcd) {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(OPTIONS);
        command.addAll(
                List.of("-cp", System.getProperty("java.class.path"), BareRenewal.class.getName(), etcd.toString()));
        try {
            return new BareRenewal(new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @param args etcd's client URL */
    public static void main(String[] args) throws Exception {
        try (Client client = Client.builder().endpoints(args[0]).build()) {
            long lease = client.getLeaseClient().grant(TTL_SECONDS).get().getID();
            while (true) {
                TimeUnit.MILLISECONDS.sleep(TTL_SECONDS * 1000 / 3);
                client.getLeaseClient().keepAliveOnce(lease).get();
            }
        }
    }

    double cpuSeconds() {
        return Program.cpuSeconds(process.pid());
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
