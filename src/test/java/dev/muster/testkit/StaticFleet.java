package dev.muster.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Servers of a test that an agent registers in etcd: they come, and they leave with a goodbye. */
public final class StaticFleet implements AutoCloseable {

    private final Map<String, String> entries = new TreeMap<>();
    private final Path file;
    private final MusterProcess agent;

    /** @param folder for what the agent keeps */
    public StaticFleet(EtcdProcess etcd, Path folder) {
        file = folder.resolve("fleet");
        write();
        agent = MusterProcess.start(
                "agent",
                "--etcd-endpoints=" + etcd.endpoint(),
                "--docker=none",
                "--static-file=" + file,
                "--host=host1",
                "--ttl=3s",
                "--private-address=127.0.0.1",
                "--state-dir=" + folder);
    }

    public MusterProcess agent() {
        return agent;
    }

    /** @param protocol {@code http}, {@code tcp} or {@code udp} */
    public void add(String service, String instance, int port, String protocol) {
        entries.put(service + "/" + instance, "127.0.0.1:" + port + "/" + protocol);
        write();
    }

    public void remove(String service, String instance) {
        entries.remove(service + "/" + instance);
        write();
    }

    private void write() {
        List<String> lines = new ArrayList<>(List.of("# written by a test"));
        lines.addAll(entries.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .collect(Collectors.toList()));
        try {
            Path draft = file.resolveSibling("fleet.draft");
            Files.write(draft, lines);
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        agent.close();
    }
}
