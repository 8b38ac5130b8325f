package dev.muster.faults;

import dev.muster.testkit.DockerCli;
import dev.muster.testkit.EtcdProcess;
import dev.muster.testkit.EtcdRecorder;
import dev.muster.testkit.MusterProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A real etcd with a witness, real containers of one service that no other test has, and agents on one host. */
final class AgentBed implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(AgentBed.class);

    final EtcdProcess etcd = EtcdProcess.start();
    final EtcdRecorder recorder = EtcdRecorder.of(etcd);
    final DockerCli docker = new DockerCli();
    final String service = "it" + ProcessHandle.current().pid() + "-" + Long.toString(System.nanoTime() % 46_656, 36);
    private final Path stateDir;
    private final List<MusterProcess> agents = new ArrayList<>();

    AgentBed() {
        try {
            stateDir = Files.createTempDirectory("muster-state");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A container of this bed's service; {@code --opt-in} agents of other beds see it too, under its own service. */
    String container(String instance, String... options) {
        return container(List.of(), instance, options);
    }

    /** The same with another command than the image's server. */
    String container(List<String> instead, String instance, String... options) {
        List<String> all = new ArrayList<>(List.of(
                "--label=muster.enable=true",
                "--label=muster.service=" + service,
                "--label=muster.instance=" + instance,
                "-p=127.0.0.1::80"));
        all.addAll(Arrays.asList(options));
        return docker.run(all, instead);
    }

    /** A host's agent, started and not waited for. */
    MusterProcess agent(Duration ttl, String... options) {
        return agentBy(List.of(), ttl, options);
    }

    /** A host's agent that another command starts, see {@link MusterProcess#startBy}. */
    MusterProcess agentBy(List<String> command, Duration ttl, String... options) {
        List<String> all = new ArrayList<>(List.of("--opt-in"));
        all.addAll(Arrays.asList(options));
        return start(command, ttl, all);
    }

    /** A sidecar on the same host, or an agent without an engine, by its own flags. */
    MusterProcess sidecar(Duration ttl, String... options) {
        return start(List.of(), ttl, Arrays.asList(options));
    }

    private MusterProcess start(List<String> command, Duration ttl, List<String> options) {
        List<String> all = new ArrayList<>(List.of(
                "agent",
                "--etcd-endpoints=" + etcd.endpoint(),
                "--state-dir=" + stateDir,
                "--host=host1",
                "--private-address=127.0.0.1",
                "--ttl=" + ttl.toSeconds() + "s"));
        all.addAll(options);
        MusterProcess agent = MusterProcess.startBy(command, all.toArray(String[]::new));
        agents.add(agent);
        return agent;
    }

    /** Where the agents of this machine have their locks. */
    Path stateDir() {
        return stateDir;
    }

    /** Every key of this bed's service starts with it. */
    String tree() {
        return "/services/" + service + "/";
    }

    String key(String instance, String field) {
        return tree() + instance + "/" + field;
    }

    /** What stands at a key, empty where nothing does. */
    String value(String key) {
        return etcd.ctl("get", "--print-value-only", key).strip();
    }

    void awaitPublished(String instance) {
        Awaitility.await(instance + " is published")
                .atMost(Duration.ofSeconds(20))
                .until(() -> value(key(instance, "state")).equals("up"));
    }

    /** The keys below a prefix with their revisions, as etcd has them. */
    String stored(String prefix) {
        return etcd.ctl("get", "--prefix", prefix, "--write-out=fields")
                .lines()
                .filter(line -> line.startsWith("\"Key\"")
                        || line.startsWith("\"ModRevision\"")
                        || line.startsWith("\"Value\"")
                        || line.startsWith("\"Lease\""))
                .reduce("", (all, line) -> all + line + "\n");
    }

    /** Waits until so much time has passed since a monotonic instant. */
    static void awaitSince(long nanos, Duration passed) {
        Awaitility.await(passed + " have passed")
                .atMost(passed.plusSeconds(60))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> System.nanoTime() - nanos >= passed.toNanos());
    }

    static Duration between(long fromNanos, long toNanos) {
        return Duration.ofNanos(toNanos - fromNanos);
    }

    /** The same, said in the test's output: docs/faults.md has its seconds from there. */
    static Duration measured(String what, long fromNanos, long toNanos) {
        Duration took = between(fromNanos, toNanos);
        LOG.info("measured: {}: {} ms", what, took.toMillis());
        return took;
    }

    void endAgents() {
        agents.forEach(MusterProcess::close);
        agents.clear();
    }

    @Override
    public void close() {
        endAgents();
        docker.close();
        recorder.close();
        etcd.close();
        try (Stream<Path> locks = Files.list(stateDir)) {
            for (Path lock : locks.toList()) {
                Files.delete(lock);
            }
            Files.delete(stateDir);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
