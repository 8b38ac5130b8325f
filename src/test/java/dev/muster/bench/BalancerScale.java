package dev.muster.bench;

import dev.muster.model.InstanceState;
import dev.muster.provider.haproxy.HaproxyFixture;
import dev.muster.registry.etcd.GeneratedFleet;
import dev.muster.testkit.EtcdProcess;
import dev.muster.testkit.Ports;
import io.etcd.jetcd.Client;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * A whole {@code muster watcher} and a real HAProxy with 2,000 servers that answer its checks: how soon one joins, a thousand
 * drain, and a service that is new, for which HAProxy reloads, is served. Each from before its first put until HAProxy says so.
 */
final class BalancerScale {

    private static final int SERVERS = 2_000;
    private static final int TOGETHER = 50;
    private static final String SCENARIO = "HAProxy, 2,000 servers";

    private final Path folder;
    private final boolean quick;
    private final List<Row> rows;
    private final HaproxyFixture haproxy = new HaproxyFixture();

    /** @param rows where each figure goes once it is measured */
    BalancerScale(Path folder, boolean quick, List<Row> rows) {
        this.folder = folder;
        this.quick = quick;
        this.rows = rows;
    }

    void measure() throws Exception {
        try (haproxy;
                ServerSocket answering = new ServerSocket(0, 4096, InetAddress.ofLiteral("0.0.0.0"));
                EtcdProcess etcd = EtcdProcess.start();
                Client client = Client.builder().endpoints(etcd.endpoint()).build();
                BareReader bare = new BareReader(client, SERVERS)) {
            Thread.ofPlatform().daemon().name("answering").start(() -> answer(answering));
            GeneratedFleet fleet = GeneratedFleet.onLoopback(client, SERVERS, "json", answering.getLocalPort());
            fleet.write();
            long begun = System.nanoTime();
            try (Program watcher = Program.start(folder.resolve("balancer.log"), Ports.free(), words(etcd))) {
                watcher.awaitReady();
                rows.add(Row.of(SCENARIO, "start -> all are served", (System.nanoTime() - begun) / 1e9, "s"));
                reloads(fleet);
                joins(fleet, bare);
                drain(fleet);
                rows.add(Row.of(SCENARIO, "RSS of the watcher", watcher.rssMib(), "MiB"));
            }
        }
    }

    private List<String> words(EtcdProcess etcd) {
        List<String> words = new ArrayList<>(List.of(
                "watcher", "--etcd-endpoints=" + etcd.endpoint(), "--watcher-id=scale", "--state-dir=" + folder));
        words.addAll(haproxy.settings());
        return words;
    }

    /** What HAProxy's checks want. */
    private static void answer(ServerSocket socket) {
        try {
            while (true) {
                socket.accept().close();
            }
        } catch (IOException e) {
            // It is over.
        }
    }

    /** The first of a service that is new. */
    private void reloads(GeneratedFleet fleet) throws Exception {
        List<Long> took = new ArrayList<>();
        for (int service = 0; service < services(); service++) {
            int first = SERVERS + service * TOGETHER;
            long begun = System.nanoTime();
            fleet.put(IntStream.of(first), InstanceState.UP);
            took.add(await(first, admins -> isReady(admins, first)) - begun);
        }
        rows.add(Row.of(
                SCENARIO, "a service joins (reload), p50", Samples.ofNanos(took).p50(), "ms"));
        rows.add(Row.of(
                SCENARIO,
                "a service joins (reload), most",
                Samples.ofNanos(took).p99(),
                "ms"));
    }

    /** More of these. */
    private void joins(GeneratedFleet fleet, BareReader bare) throws Exception {
        List<Long> took = new ArrayList<>();
        List<Long> seen = new ArrayList<>();
        for (int more = 1; more <= (quick ? 4 : 20); more++) {
            for (int service = 0; service < services(); service++) {
                int next = SERVERS + service * TOGETHER + more;
                long begun = System.nanoTime();
                fleet.put(IntStream.of(next), InstanceState.UP);
                took.add(await(next, admins -> isReady(admins, next)) - begun);
                seen.add(bare.newestNanos() - begun);
            }
        }
        rows.add(Row.of(SCENARIO, "one joins, p50", Samples.ofNanos(took).p50(), "ms"));
        rows.add(Row.of(SCENARIO, "one joins, p99", Samples.ofNanos(took).p99(), "ms"));
        rows.add(Row.of(
                SCENARIO, "floor: its put seen, p50", Samples.ofNanos(seen).p50(), "ms"));
    }

    /** Half of each service, at once: until the last of them gets nothing new. */
    private void drain(GeneratedFleet fleet) throws Exception {
        long begun = System.nanoTime();
        fleet.put(IntStream.range(0, SERVERS).filter(BalancerScale::leaves), InstanceState.DRAINING);
        long drained = begun;
        for (int first = 0; first < SERVERS; first += TOGETHER) {
            int service = first;
            drained = await(
                    first,
                    admins -> IntStream.range(service, service + TOGETHER)
                            .allMatch(i -> isReady(admins, i) != leaves(i)));
        }
        rows.add(new Row(SCENARIO, "1,000 drain, until the last does", (drained - begun) / 1e6, "ms", 2_000));
    }

    private static boolean leaves(int instance) {
        return instance % TOGETHER < TOGETHER / 2;
    }

    private int services() {
        return quick ? 3 : 10;
    }

    private static boolean isReady(Map<String, Integer> admins, int instance) {
        Integer admin = admins.get(GeneratedFleet.name(instance).split("/", 2)[1]);
        return admin != null && admin == 0;
    }

    /** When HAProxy first says so of the service of this instance. */
    private long await(int instance, Predicate<Map<String, Integer>> condition) throws Exception {
        String service = GeneratedFleet.name(instance).split("/", 2)[0];
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!condition.test(haproxy.admins(service))) {
            if (System.nanoTime() > until) {
                throw new IllegalStateException("HAProxy does not have " + service + " as it should be");
            }
            LockSupport.parkNanos(500_000);
        }
        return System.nanoTime();
    }
}
