package dev.muster.cli;

import dev.muster.config.DevSettings;
import dev.muster.config.HostPort;
import dev.muster.config.Setting;
import dev.muster.process.TiedFolder;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code muster warm}: lets an agent run for some seconds with an etcd and an engine of its own, and keeps in the distribution
 * the classes that it loaded, linked, and which of their methods it used so often that the JVM compiled them. The launcher
 * gives that cache to the JVM, which ignores one that another JVM or other jars made (JEP 483, JEP 514, JEP 515).
 */
final class WarmCommand implements Command {

    /** Said by the launcher. */
    private static final String HOME = "muster.home";

    private static final String CACHE = "muster.aot";

    /**
     * So many start and end as the JVM needs to compile what each of them uses twice. With 300 it compiles what they use once,
     * too, and an agent is 4 MiB larger.
     */
    private static final int CONTAINERS = 120;

    /** Looked at each second: what a look uses for each of them is used often enough, too. */
    private static final int AT_A_TIME = 50;

    /** Each is looked at by itself, as on a real host. */
    private static final Duration BETWEEN = Duration.ofMillis(20);

    /** In each time to live, which is 3 s. An idle agent does little else, and that too seldom for the JVM to compile it. */
    private static final int RENEWALS = 150;

    /** After the last start. */
    private static final Duration REHEARSAL = Duration.ofSeconds(5);

    /** The JVM writes the cache at its end: some seconds, more on a busy machine. */
    private static final Duration TO_WRITE = Duration.ofMinutes(2);

    @Override
    public String name() {
        return "warm";
    }

    @Override
    public String summary() {
        return "Let this Java keep what an agent loads, so that each start takes half the time; again after an update of Java";
    }

    @Override
    public List<Setting<?>> settings() {
        return List.of(DevSettings.ETCD_BINARY);
    }

    @Override
    public List<String> examples() {
        return List.of("muster warm", "muster warm --etcd-binary /opt/etcd/etcd");
    }

    @Override
    public int run(Invocation invocation) throws Exception {
        Path home = Optional.ofNullable(System.getProperty(HOME))
                .map(Path::of)
                .orElseThrow(() -> new IOException("muster warm needs to be started by bin/muster of a distribution"))
                .toRealPath();
        String etcdBinary = DevSettings.etcd(invocation.settings(), invocation.environment());
        Path cache = home.resolve("lib").resolve(CACHE);
        if (!Files.isWritable(cache.getParent())) {
            throw new IOException("%s cannot be written; run it as who installed Muster".formatted(cache.getParent()));
        }
        PrintStream out = invocation.terminal().out();
        out.println(
                "An agent runs for some seconds with an etcd and an engine of its own; the JVM then writes what it loaded ...");
        out.flush();
        try (TiedFolder folder = TiedFolder.create("muster-warm")) {
            Path written = folder.path().resolve(CACHE);
            String last = rehearse(invocation, home, etcdBinary, folder.path());
            if (invocation.stop().requested()) {
                return ExitCode.FAILED;
            }
            if (Files.notExists(written)) {
                throw new IOException("the JVM wrote no cache; it said: " + last);
            }
            Path beside = cache.resolveSibling(CACHE + ".new");
            Files.copy(written, beside, StandardCopyOption.REPLACE_EXISTING);
            Files.move(beside, cache, StandardCopyOption.ATOMIC_MOVE);
        }
        out.printf("%s: %d MiB%n", cache, Files.size(cache) >> 20);
        return ExitCode.DONE;
    }

    /** @return what the agent's JVM said last */
    private static String rehearse(Invocation invocation, Path home, String etcdBinary, Path folder)
            throws IOException, InterruptedException {
        Stop stop = invocation.stop();
        HostPort client = FreePort.any();
        try (ServingChild etcd = EtcdChild.start(etcdBinary, client, folder);
                RehearsedEngine engine = new RehearsedEngine(folder, client.port())) {
            etcd.awaitServing(stop);
            HostPort pages = FreePort.any();
            List<String> command = new ArrayList<>(List.of("env"));
            foreign(invocation.environment()).forEach(name -> command.addAll(List.of("-u", name)));
            command.addAll(List.of(
                    "MUSTER_JAVA_OPTS=-Dmuster.renewals=%d -XX:AOTCacheOutput=%s"
                            .formatted(RENEWALS, folder.resolve(CACHE)),
                    home.resolve("bin/muster").toString(),
                    "agent",
                    "--agent-id=warm",
                    "--etcd-endpoints=http://" + client,
                    "--docker=" + engine.uri(),
                    "--opt-in",
                    "--static=warm/etcd=" + client.port(),
                    "--private-address=127.0.0.1",
                    "--no-host-lock", // an image that is being built is no machine yet, and has no id
                    "--ttl=3s",
                    "--resync=1s",
                    "--http=" + pages));
            ServingChild agent = ServingChild.start(
                    "agent", command, URI.create("http://" + pages + "/health/ready"), folder, TO_WRITE);
            try (agent) {
                agent.awaitServing(stop);
                for (int i = 0; i < CONTAINERS && !stop.requested(); i++) {
                    engine.start(i);
                    stop.await(BETWEEN);
                    engine.end(i - AT_A_TIME);
                    stop.await(BETWEEN);
                }
                stop.await(REHEARSAL);
            }
            return agent.lastLine();
        }
    }

    /** Settings of the agent that is to run here later; the rehearsal has its own. */
    private static List<String> foreign(Map<String, String> environment) {
        return environment.keySet().stream()
                .filter(name -> name.startsWith("MUSTER_") && !name.startsWith("MUSTER_JAVA_"))
                .toList();
    }
}
