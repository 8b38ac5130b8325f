package dev.muster.provider.haproxy;

import static org.awaitility.Awaitility.await;

import dev.muster.config.HaproxyConfig;
import dev.muster.provider.ProviderException;
import dev.muster.testkit.Ports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** A folder, ports, and the HAProxy that runs there; ends what it started. */
public class HaproxyFixture implements AutoCloseable {

    final Path folder;
    final Path file;
    final Path snippets;
    final Path certificates;
    final int port;
    final int tlsPort = freePort();
    final AtomicInteger disturbed = new AtomicInteger();
    private final String binary;

    public HaproxyFixture() {
        this("haproxy");
    }

    HaproxyFixture(String binary) {
        this(temporary(), freePort(), binary);
    }

    public HaproxyFixture(Path folder) {
        this(folder, freePort(), "haproxy");
    }

    /** @param folder is not made where it is not there */
    HaproxyFixture(Path folder, int port, String binary) {
        this.folder = folder;
        this.port = port;
        this.binary = binary;
        this.file = folder.resolve("haproxy.cfg");
        this.snippets = folder.resolve("snippets");
        this.certificates = folder.resolve("certificates");
        try {
            if (Files.isDirectory(folder)) {
                Files.createDirectories(certificates);
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Where it serves HTTP, on loopback. */
    public int port() {
        return port;
    }

    /** The flags by which a watcher runs it here. */
    public List<String> settings() {
        HaproxyConfig config = config(true);
        return List.of(
                "--haproxy-run",
                "--haproxy-bind=" + config.binds().getFirst(),
                "--haproxy-tls-bind=" + config.tlsBinds().getFirst(),
                "--haproxy-certificates=" + certificates,
                "--haproxy-config=" + config.config(),
                "--haproxy-socket=" + config.socket(),
                "--haproxy-master-socket=" + config.masterSocket(),
                "--haproxy-snippets=" + config.snippets());
    }

    HaproxyConfig config(boolean run) {
        return new HaproxyConfig(
                file,
                folder.resolve("admin.sock"),
                folder.resolve("master.sock"),
                snippets,
                List.of("127.0.0.1:" + port),
                List.of("127.0.0.1:" + tlsPort),
                Optional.of(certificates),
                run,
                binary);
    }

    HaproxyProvider open() {
        return new HaproxyProvider("haproxy", config(true), false, disturbed::incrementAndGet);
    }

    HaproxyMaster master() {
        return new HaproxyMaster(folder.resolve("master.sock"));
    }

    Workers workers() throws ProviderException {
        return master().find().orElseThrow();
    }

    HaproxyRuntime runtime() throws ProviderException {
        return master().runtime(workers().current());
    }

    /** One field of a backend's line in {@code show stat}. */
    long stat(String backend, String field) throws Exception {
        return column(backend + ",BACKEND,", field).orElse(0);
    }

    /** One field of an instance's line in {@code show stat}; empty where it has no server. */
    public OptionalLong stat(String backend, String instance, String field) throws Exception {
        return column(backend + "," + instance + ":", field);
    }

    /** How each server of a backend stands there, by instance: the bits of its administrative state, 0 is ready. */
    public Map<String, Integer> admins(String backend) throws Exception {
        String answer =
                new HaproxySocket(folder.resolve("admin.sock")).ask("show servers state " + backend, patience());
        Map<String, Integer> admins = new HashMap<>();
        if (answer.startsWith(ServerRow.VERSION)) {
            ServerRow.parse(answer)
                    .forEach(row -> row.name().ifPresent(name -> admins.put(name.instance(), row.admin())));
        }
        return admins;
    }

    /** What of it lies in its folder: {@code haproxy.cfg}, {@code admin.sock}, {@code master.sock}, {@code snippets/...}. */
    public Path path(String name) {
        return folder.resolve(name);
    }

    /** What it answers a person who asks it something. */
    public String ask(String command) throws IOException {
        return new HaproxySocket(folder.resolve("admin.sock")).ask(command, patience());
    }

    /** Somebody else's reload. @return whether another worker serves since */
    public boolean reload() throws ProviderException {
        Workers before = workers();
        master().reload(before);
        return workers().current() != before.current();
    }

    /** Whether HAProxy takes the file as it lies there. */
    public boolean takesFile() throws Exception {
        Process check = new ProcessBuilder(binary, "-c", "-q", "-f", file.toString())
                .inheritIO()
                .start();
        return check.waitFor() == 0;
    }

    private OptionalLong column(String start, String field) throws Exception {
        List<String> lines = new HaproxySocket(folder.resolve("admin.sock"))
                .ask("show stat", patience())
                .lines()
                .toList();
        int column = List.of(lines.getFirst().split(",", -1)).indexOf(field);
        return lines.stream()
                .filter(line -> line.startsWith(start))
                .mapToLong(line -> Long.parseLong(line.split(",", -1)[column]))
                .findFirst();
    }

    public String text() throws IOException {
        return Files.readString(file);
    }

    public void snippet(String name, String text) throws IOException {
        Files.createDirectories(snippets);
        Files.writeString(snippets.resolve(name), text);
    }

    static int freePort() {
        return Ports.free();
    }

    /** Waits until one runs there that another process has started. */
    static void awaitWorker(HaproxyFixture haproxy) {
        await().atMost(patience().multipliedBy(3))
                .ignoreExceptions()
                .until(() -> haproxy.runtime().look().servers() != null);
    }

    static void kill(long pid, boolean hard) throws Exception {
        Optional<ProcessHandle> process = ProcessHandle.of(pid);
        if (process.isPresent()) {
            if (hard) {
                process.get().destroyForcibly();
            } else {
                process.get().destroy();
            }
            process.get().onExit().get(10, TimeUnit.SECONDS);
        }
    }

    private static Path temporary() {
        try {
            return Files.createTempDirectory("muster-haproxy");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() throws Exception {
        Optional<Workers> left = master().find();
        if (left.isPresent()) {
            kill(left.get().master(), true);
            // A worker ends by itself when its master is gone.
            Stream.concat(Stream.of(left.get().current()), left.get().old().stream())
                    .map(ProcessHandle::of)
                    .flatMap(Optional::stream)
                    .forEach(worker -> await().atMost(patience()).until(() -> !worker.isAlive()));
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }

    /** How long tests wait for what must come. */
    static Duration patience() {
        return Duration.ofSeconds(10);
    }
}
