package dev.muster.faults;

import dev.muster.provider.haproxy.HaproxyFixture;
import dev.muster.testkit.DockerCli;
import dev.muster.testkit.EtcdCluster;
import dev.muster.testkit.EtcdProcess;
import dev.muster.testkit.EtcdRecorder;
import dev.muster.testkit.EtcdRecorder.Change;
import dev.muster.testkit.MusterProcess;
import dev.muster.testkit.TcpProxy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A real etcd with a witness, real containers of one service that no other test has, and agents: on this host, or on hosts of their own. */
final class AgentBed implements AutoCloseable {

    private static final Pattern LEASE = Pattern.compile("\"lease\":\"([0-9a-f]+)\"");
    private static final Logger LOG = LoggerFactory.getLogger(AgentBed.class);

    final EtcdProcess etcd;
    final EtcdRecorder recorder;
    final DockerCli docker = new DockerCli();
    final String service = "it" + ProcessHandle.current().pid() + "-" + Long.toString(System.nanoTime() % 46_656, 36);
    private final Runnable closeEtcd;
    private final Path stateDir;
    private final String endpoints;
    private final List<MusterProcess> agents = new ArrayList<>();
    private final List<MusterProcess> watchers = new ArrayList<>();
    private final List<MusterHost> hosts = new CopyOnWriteArrayList<>();

    AgentBed() {
        this(EtcdProcess.start());
    }

    AgentBed(EtcdProcess etcd) {
        this(etcd, EtcdRecorder.of(etcd));
    }

    AgentBed(EtcdProcess etcd, EtcdRecorder recorder) {
        this(etcd, recorder, List.of(etcd.endpoint()), etcd::close);
    }

    /** The agents have a way of their own to etcd. */
    AgentBed(EtcdProcess etcd, EtcdRecorder recorder, TcpProxy way) {
        this(etcd, recorder, List.of(URI.create("http://127.0.0.1:" + way.port())), () -> {
            way.close();
            etcd.close();
        });
    }

    /** The test itself and the witness ask one member, the agents all. */
    AgentBed(EtcdCluster cluster) {
        this(
                cluster.members().getFirst(),
                EtcdRecorder.of(cluster.members().getFirst()),
                cluster.endpoints(),
                cluster::close);
    }

    private AgentBed(EtcdProcess etcd, EtcdRecorder recorder, List<URI> endpoints, Runnable closeEtcd) {
        this.etcd = etcd;
        this.recorder = recorder;
        this.closeEtcd = closeEtcd;
        this.endpoints = endpoints.stream().map(URI::toString).collect(Collectors.joining(","));
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

    /** A watcher that has brought this balancer in step. */
    MusterProcess watcher(HaproxyFixture haproxy, String... options) {
        return watcherAt(endpoints, haproxy, options);
    }

    /** The same, with a way of its own to etcd. */
    MusterProcess watcherAt(String etcd, HaproxyFixture haproxy, String... options) {
        List<String> all = new ArrayList<>(
                List.of("watcher", "--etcd-endpoints=" + etcd, "--state-dir=" + stateDir, "--host=balancer"));
        all.addAll(haproxy.settings());
        all.addAll(Arrays.asList(options));
        MusterProcess watcher = MusterProcess.start(all.toArray(String[]::new));
        watchers.add(watcher);
        return watcher.awaitReady();
    }

    /** Hosts of their own, started at the same time, whose agents are ready. */
    List<MusterHost> hosts(int many, Duration ttl) {
        return IntStream.range(0, many)
                .parallel()
                .mapToObj(each -> host(ttl, Map.of()))
                .toList();
    }

    /** A host of its own whose agent is ready. */
    MusterHost host(Duration ttl, Map<String, String> settings) {
        MusterHost host = new MusterHost(etcd, service, ttl, settings);
        hosts.add(host);
        host.agent.awaitReady();
        return host;
    }

    private MusterProcess start(List<String> command, Duration ttl, List<String> options) {
        List<String> all = new ArrayList<>(List.of(
                "agent",
                "--etcd-endpoints=" + endpoints,
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

    /** The instances that are published, as etcd has them. */
    SortedSet<String> published() {
        SortedSet<String> instances = new TreeSet<>();
        etcd.ctl("get", "--prefix", "--keys-only", tree())
                .lines()
                .filter(key -> key.endsWith("/owner"))
                .forEach(key -> instances.add(key.substring(tree().length(), key.lastIndexOf('/'))));
        return instances;
    }

    /** Waits for an instance's keys to go. @return the change of its owner */
    Change awaitGone(String instance, Duration atMost) {
        return recorder.await(
                atMost,
                instance + " goes",
                change -> change.deleted() && change.key().equals(key(instance, "owner")));
    }

    /** Waits for an instance's keys to come. @return the change of its owner */
    Change awaitTaken(String instance, Duration atMost) {
        return recorder.await(
                atMost,
                instance + " comes",
                change -> !change.deleted() && change.key().equals(key(instance, "owner")));
    }

    void awaitPublished(String instance) {
        Awaitility.await(instance + " is published")
                .atMost(Duration.ofSeconds(20))
                .until(() -> value(key(instance, "state")).equals("up"));
    }

    /** The id of the lease that an agent publishes under, as etcdctl has it. */
    String leaseOf(String owner) {
        Matcher found = LEASE.matcher(value("/muster/agents/" + owner));
        if (!found.find()) {
            throw new IllegalStateException("no record of " + owner);
        }
        return found.group(1);
    }

    /** The keys below a prefix without their revisions and leases. */
    String values(String prefix) {
        return stored(prefix)
                .lines()
                .filter(line -> line.startsWith("\"Key\"") || line.startsWith("\"Value\""))
                .collect(Collectors.joining("\n"));
    }

    /** How many lines of an agent's log from this one on say so. */
    static long told(MusterProcess agent, int fromLine, String what) {
        return agent.log()
                .lines()
                .skip(fromLine)
                .filter(line -> line.contains(what))
                .count();
    }

    static int lines(MusterProcess agent) {
        return (int) agent.log().lines().count();
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
        watchers.forEach(MusterProcess::close);
        endAgents();
        hosts.forEach(MusterHost::close);
        docker.close();
        recorder.close();
        closeEtcd.run();
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
