package dev.muster.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.testkit.EngineProxy;
import dev.muster.testkit.EtcdRecorder.Change;
import dev.muster.testkit.MusterProcess;
import dev.muster.testkit.SimulatedHost;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Containers start by the hundred, and the agent is not told of all: it stands still, it cannot listen, or the engine drops
 * what it has to tell. Its lease lives on all the while, and its resync is as far away as each test wants.
 */
@Tag("fault-11")
@Isolated("500 starts take all that the machine has")
final class EventStormIT {

    private static final Duration TTL = Duration.ofMinutes(5);
    private static final Duration BOUND = Duration.ofMinutes(1);

    /** The engine's clock is told in whole seconds, and who subscribes is told of one second more: nobody is told of older ones. */
    private static final Duration TOO_LATE = Duration.ofSeconds(3);

    /** What makes a container cheap: no network, logs or filters of its own, and one shim of containerd's for all. */
    private static final List<String> CHEAP = List.of(
            "--network=host",
            "--ipc=host",
            "--uts=host",
            "--log-driver=none",
            "--security-opt=seccomp=unconfined",
            "--annotation=io.containerd.runc.v2.group=storm",
            "--label=muster.check=none");

    @TempDir
    private static Path folder;

    private static AgentBed bed;
    private static SimulatedHost host;
    private static EngineProxy engine;
    private static String group = "";

    @BeforeAll
    static void start() throws IOException {
        bed = new AgentBed();
        host = SimulatedHost.start();
        group = host.controlGroup();
        engine = new EngineProxy(folder, host.plainDocker());
    }

    @AfterAll
    static void stop() throws IOException {
        engine.close();
        host.close();
        bed.close();
    }

    @AfterEach
    void endAgent() {
        bed.endAgents();
    }

    private static MusterProcess agent(String resync) {
        MusterProcess agent = bed.agent(TTL, "--docker=" + engine.uri(), "--resync=" + resync);
        agent.awaitReady();
        bed.recorder.clear();
        return agent;
    }

    private static List<String> names(String prefix, int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(number -> "%s%03d".formatted(prefix, number))
                .toList();
    }

    /** {@code docker run} of each, two at a time. */
    private static void run(List<String> names) {
        List<String> command = new ArrayList<>(List.of(
                "docker run --detach --name NAME --label muster.instance=NAME --label muster.service=" + bed.service,
                "--label muster.enable=true"));
        command.addAll(CHEAP);
        command.add("--cgroup-parent=" + group);
        command.addAll(List.of(SimulatedHost.IMAGE, "sleep 10000"));
        host.exec(
                "sh",
                "-c",
                "echo '%s' | tr ' ' '\\n' | xargs -P 2 -I NAME %s >/dev/null"
                        .formatted(String.join(" ", names), String.join(" ", command)));
    }

    private static void kill(List<String> names) {
        host.docker(("kill " + String.join(" ", names)).split(" "));
    }

    private static SortedSet<String> running() {
        return new TreeSet<>(host.docker("ps", "--format={{.Names}}").lines().toList());
    }

    private static double told(MusterProcess agent) {
        return agent.metric("muster_events_total");
    }

    private static void awaitKeysEqualContainers(Duration atMost) {
        long over = System.nanoTime();
        SortedSet<String> running = running();
        await("keys equal docker ps")
                .atMost(atMost)
                .untilAsserted(() -> assertThat(bed.published()).isEqualTo(running));
        AgentBed.measured("the storm was over, and keys equal docker ps", over, System.nanoTime());
    }

    /** Each key of what came is put once; what goes has gone with its goodbye; nothing else happens. */
    private static void nothingIsWrittenTwice(List<String> came, List<String> went) {
        List<Change> changes = bed.recorder.all(bed.tree());
        assertThat(changes.stream().filter(change -> !change.deleted()).map(Change::key))
                .doesNotHaveDuplicates();
        assertThat(changes.stream().filter(Change::deleted).map(Change::key)).doesNotHaveDuplicates();
        assertThat(instances(changes, false)).containsExactlyInAnyOrderElementsOf(came);
        assertThat(instances(changes, true)).containsExactlyInAnyOrderElementsOf(went);
        assertThat(changes.stream().filter(change -> change.key().startsWith(bed.tree() + "gone/")))
                .hasSameSizeAs(went);
    }

    private static List<String> instances(List<Change> changes, boolean deleted) {
        return changes.stream()
                .filter(change -> change.deleted() == deleted && change.key().endsWith("/owner"))
                .map(change ->
                        change.key().substring(bed.tree().length(), change.key().lastIndexOf('/')))
                .toList();
    }

    @Test
    void ofFiveHundredStartsInWhoseMiddleTheAgentStoodStillAllKeysAreRight() {
        MusterProcess agent = agent("1h");
        run(names("storm", 0, 200));
        agent.pause();
        engine.loseEvents(true);
        kill(names("storm", 0, 20));
        run(names("storm", 200, 300));
        engine.loseEvents(false);
        agent.unpause();
        run(names("storm", 300, 500));
        awaitKeysEqualContainers(BOUND);

        assertThat(told(agent)).as("starts and ends that it was told of").isLessThan(450);
        nothingIsWrittenTwice(names("storm", 0, 500), names("storm", 0, 20));
    }

    @Test
    void whatHappensWhileItCannotListenIsFoundWhenItListensAgain() {
        MusterProcess agent = agent("1h");
        run(names("cut", 0, 5));
        awaitKeysEqualContainers(BOUND);
        engine.refuseEvents(true);
        await().until(() -> agent.log().contains("not listening to its events"));
        double before = told(agent);
        kill(names("cut", 0, 2));
        run(names("cut", 5, 10));
        AgentBed.awaitSince(System.nanoTime(), TOO_LATE);
        engine.refuseEvents(false);
        awaitKeysEqualContainers(BOUND);

        assertThat(told(agent)).as("starts and ends that it was told of").isEqualTo(before);
        nothingIsWrittenTwice(names("cut", 0, 10), names("cut", 0, 2));
    }

    @Test
    void whatItIsNotToldOfAlthoughItListensIsFoundAtTheNextResync() {
        MusterProcess agent = agent("5s");
        run(names("silent", 0, 5));
        awaitKeysEqualContainers(BOUND);
        double before = told(agent);
        engine.loseEvents(true);
        kill(names("silent", 0, 2));
        run(names("silent", 5, 10));
        engine.loseEvents(false);
        awaitKeysEqualContainers(BOUND);

        assertThat(told(agent)).as("starts and ends that it was told of").isEqualTo(before);
        nothingIsWrittenTwice(names("silent", 0, 10), names("silent", 0, 2));
    }
}
