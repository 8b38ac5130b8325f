package dev.muster.provider.route53;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.provider.route53.AwsProxy.Answer;
import dev.muster.testkit.EtcdProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * The leader stands still, or dies, inside each call that it makes for a change, before its effect and after it. moto stands
 * for AWS, behind {@link AwsGate}.
 */
@Tag("fault-30")
@Tag("fault-31")
class LeaderStoppedOrKilledInEachCallIT {

    /** Each goes through points of its own, beside the other. More would keep all else on the machine from running. */
    private static final int PAIRS = 2;

    /** One leader within T + 2 s; the rest is for its first pass, with another such pair on the machine. */
    private static final Duration SOON = WatcherPair.TTL.plusSeconds(2).plusSeconds(4);

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String CHANGE = "ChangeResourceRecordSets";
    private static final String MAKE = "CreateHealthCheck";
    private static final List<String> CALLS =
            List.of(CHANGE, "GetChange", "ListHostedZones", "ListResourceRecordSets", MAKE, "ListHealthChecks");

    @TempDir
    static Path folder;

    private enum Fault {
        STOPPED,
        KILLED
    }

    /** Where a leader falls. */
    private record Point(Fault fault, AwsGate.Side side, String call, CompletableFuture<Void> outcome) {
        @Override
        public String toString() {
            return "%s %s the effect of %s".formatted(fault, side, call);
        }
    }

    private static EtcdProcess etcd;
    private static MotoZones moto;
    private static AwsGate gate;
    private static final ExecutorService THREADS = Executors.newVirtualThreadPerTaskExecutor();
    private static final List<WatcherPair> OPEN = new ArrayList<>();

    @BeforeAll
    static void start() throws Exception {
        etcd = EtcdProcess.start();
        moto = new MotoZones();
        gate = new AwsGate(moto);
        for (int n = 1; n <= PAIRS; n++) {
            OPEN.add(new WatcherPair("p" + n, etcd, moto, gate, folder));
        }
        List<Future<?>> beginning = new ArrayList<>();
        OPEN.forEach(pair -> beginning.add(THREADS.submit(pair::begin)));
        for (Future<?> one : beginning) {
            one.get();
        }
    }

    @AfterAll
    static void stop() {
        OPEN.forEach(WatcherPair::close);
        THREADS.shutdownNow();
        gate.close();
        moto.close();
        etcd.close();
    }

    @Test
    void these_are_the_calls_of_a_change() throws Exception {
        WatcherPair pair = OPEN.getFirst();
        WatcherPair.Side leader = pair.leader();
        String instance = pair.announced("web");
        int before = pair.onceNothingWasReadForLong(leader);
        pair.register("web", instance);
        await().atMost(PATIENCE).until(pair::inStep);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(
                                gate.seen(leader.key()).stream().skip(before).map(AwsGate.Seen::name))
                        .hasSameElementsAs(CALLS));
    }

    @TestFactory
    List<DynamicTest> wherever_a_leader_falls_its_successor_finishes_and_nothing_is_undone() {
        return fall(false);
    }

    @TestFactory
    @Tag("soak")
    List<DynamicTest> and_so_on_the_other_side_of_the_effect() {
        return fall(true);
    }

    /** Stopped and killed in each call, on this side of its effect and on the other one in turn. */
    private static List<DynamicTest> fall(boolean other) {
        List<Point> points = new ArrayList<>();
        for (Fault fault : Fault.values()) {
            for (int n = 0; n < CALLS.size(); n++) {
                boolean before = (n % 2 == 0) == (fault == Fault.STOPPED);
                AwsGate.Side side = before == other ? AwsGate.Side.AFTER : AwsGate.Side.BEFORE;
                points.add(new Point(fault, side, CALLS.get(n), new CompletableFuture<>()));
            }
        }
        Queue<Point> left = new ConcurrentLinkedQueue<>(points);
        OPEN.forEach(pair -> THREADS.execute(() -> {
            for (Point point = left.poll(); point != null; point = left.poll()) {
                go(point, pair);
            }
        }));
        return points.stream()
                .map(point -> DynamicTest.dynamicTest(
                        point.toString(), () -> point.outcome().get(4, TimeUnit.MINUTES)))
                .toList();
    }

    private static void go(Point point, WatcherPair pair) {
        try {
            fall(point, pair);
            point.outcome().complete(null);
        } catch (Throwable e) {
            point.outcome().completeExceptionally(e);
        }
    }

    private static void fall(Point point, WatcherPair pair) throws Exception {
        WatcherPair.Side leader = pair.leader();
        WatcherPair.Side successor = pair.other(leader);
        long idle = successor.writes();
        String late = pair.announced("web");
        pair.onceNothingWasReadForLong(leader);
        AwsGate.Hold hold = gate.hold(leader.key(), point.call(), point.side());
        String address = pair.register("web", late);
        await(point + ": it is in the call").atMost(PATIENCE).until(hold::isReached);
        if (point.fault() == Fault.STOPPED) {
            leader.process().pause();
            await("it stands still")
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> state(leader).equals("T"));
        } else {
            leader.process().kill();
        }
        long fallen = System.nanoTime();
        assertThat(hold.lasted()).as("it fell in the call").isLessThan(WatcherPair.AWS_TIMEOUT);
        assertThat(successor.writes()).as("who does not lead does not write").isEqualTo(idle);

        if (point.fault() == Fault.STOPPED) {
            pair.withdraw("web", late, address);
        }
        pair.register("app");
        await(point + ": its successor finishes")
                .atMost(PATIENCE)
                .until(() -> pair.inStep() && successor.leads() && successor.writes() > idle);
        Duration took = Duration.ofNanos(System.nanoTime() - fallen);
        if (point.fault() == Fault.STOPPED) {
            goOn(point, hold, leader);
        } else {
            hold.drop();
            leader.startAgain();
            leader.process().awaitReady();
        }
        assertThat(pair.inStep()).as("nothing is undone").isTrue();
        pair.assertNothingBroken();
        assertThat(took).as("until its successor had finished").isLessThan(SOON);
        System.out.printf("%s: %s after %d ms%n", pair, point, took.toMillis());
    }

    /** What was under way arrives now, and whoever sent it goes on. */
    private static void goOn(Point point, AwsGate.Hold hold, WatcherPair.Side leader) throws Exception {
        long writes = leader.writes();
        Answer answer = hold.letGo();
        boolean late = point.call().equals(CHANGE) && point.side() == AwsGate.Side.BEFORE;
        int done = point.call().equals(MAKE) ? 201 : 200;
        assertThat(answer.status()).as("what is said to it").isEqualTo(late ? 400 : done);
        leader.process().unpause();
        await("it stands by").atMost(PATIENCE).until(leader::standsBy);
        assertThat(leader.writes()).as("what it still sends").isEqualTo(writes);
    }

    /** By the kernel: T is stopped. */
    private static String state(WatcherPair.Side side) throws Exception {
        return Files.readString(Path.of("/proc/%d/stat".formatted(side.process().pid())))
                .replaceAll("^.*\\) (.).*\\n$", "$1");
    }
}
