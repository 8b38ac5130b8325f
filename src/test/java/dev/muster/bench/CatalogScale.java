package dev.muster.bench;

import dev.muster.bench.PlanningWatcher.Planned;
import dev.muster.model.Protocol;
import dev.muster.registry.etcd.GeneratedFleet;
import dev.muster.testkit.EtcdProcess;
import dev.muster.testkit.Ports;
import io.etcd.jetcd.Client;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A watcher over up to 50,000 instances of 1,000 agents: from its start to its first plan, its memory, one change to its
 * plan, and a thousand changes a second. HAProxy is left out of it ({@link PlanOnly}); a whole {@code muster watcher} beside
 * it reads the same fleet, whose services are none that HAProxy could serve.
 */
final class CatalogScale {

    private static final int PER_SECOND = 1000;
    private static final long PATIENCE_MILLIS = 60_000;

    private final Path folder;
    private final boolean quick;
    private final List<Row> rows;

    /** @param rows where each figure goes once it is measured, whatever comes after */
    CatalogScale(Path folder, boolean quick, List<Row> rows) {
        this.folder = folder;
        this.quick = quick;
        this.rows = rows;
    }

    void measure() throws Exception {
        int largest = quick ? 10_000 : 50_000;
        for (int instances : new int[] {1_000, 10_000, 50_000}) {
            if (instances <= largest) {
                double json = of(instances, "json", instances == largest);
                double fields = of(instances, "fields", instances == largest);
                rows.add(new Row("catalog, " + instances, "cold plan, fields / json", fields / json, "x", 2));
            }
        }
    }

    /** @return seconds from the start of the process to its first plan */
    private double of(int instances, String layout, boolean largest) throws Exception {
        String scenario = "catalog, %d, %s".formatted(instances, layout);
        System.err.println("-- " + scenario);
        try (EtcdProcess etcd = EtcdProcess.start();
                Client client = Client.builder()
                        .endpoints(etcd.endpoint())
                        .maxInboundMessageSize(64 << 20)
                        .build()) {
            GeneratedFleet fleet = new GeneratedFleet(client, instances, layout, Protocol.HTTP);
            fleet.write();
            double cold;
            try (BareReader bare = new BareReader(client, layout.equals("json") ? 10_000 : 80_000);
                    PlanningWatcher watcher = new PlanningWatcher(
                            folder.resolve("planning.log"), etcd.endpoint().toString())) {
                cold = awaitAll(watcher, instances);
                rows.add(new Row(scenario, "start -> plan of all", cold, "s", 5));
                double floor = bare.seconds();
                rows.add(Row.of(scenario, "floor: its keys read by a bare client", floor, "s"));
                rows.add(Row.of(scenario, "start -> plan / floor", cold / floor, "x"));
                oneByOne(scenario, fleet, watcher, bare, instances);
                rows.add(new Row(scenario, "RSS, planning", watcher.rssMib(), "MiB", 400));
                if (largest) {
                    storm(scenario, fleet, watcher, instances);
                    rows.add(new Row(scenario, "RSS, after the storm", watcher.rssMib(), "MiB", 400));
                }
            }
            if (largest) {
                whole(scenario, client, etcd, instances, layout);
            }
            return cold;
        }
    }

    private static double awaitAll(PlanningWatcher watcher, int instances) throws InterruptedException {
        int planned = 0;
        while (true) {
            Planned plan = watcher.next(PATIENCE_MILLIS).orElseThrow();
            planned += plan.changes();
            if (planned >= instances) {
                return watcher.secondsUntil(plan);
            }
        }
    }

    /** Each after the plan of the one before. */
    private void oneByOne(
            String scenario, GeneratedFleet fleet, PlanningWatcher watcher, BareReader bare, int instances)
            throws InterruptedException {
        while (watcher.next(1000).isPresent()) {
            LockSupport.parkNanos(1);
        }
        List<Long> planned = new ArrayList<>();
        List<Long> whole = new ArrayList<>();
        List<Long> seen = new ArrayList<>();
        int samples = quick ? 100 : 400;
        for (int i = 0; i < samples; i++) {
            long begun = System.nanoTime();
            fleet.change((int) (i * 7919L % instances), 50 + i % 50, done -> {});
            Planned plan = watcher.next(PATIENCE_MILLIS).orElseThrow();
            planned.add(plan.tookNanos());
            whole.add(plan.nanos() - begun);
            seen.add(bare.newestNanos() - begun);
            LockSupport.parkNanos(15_000_000);
        }
        Samples took = Samples.ofNanos(planned.subList(samples / 10, samples));
        rows.add(Row.of(scenario, "one change -> plan, p50", took.p50(), "ms"));
        rows.add(new Row(scenario, "one change -> plan, p99", took.p99(), "ms", 5));
        Samples floor = Samples.ofNanos(seen.subList(samples / 10, samples));
        rows.add(Row.of(scenario, "floor: its put begun -> a bare watch, p50", floor.p50(), "ms"));
        rows.add(Row.of(scenario, "floor: its put begun -> a bare watch, p99", floor.p99(), "ms"));
        Samples all = Samples.ofNanos(whole.subList(samples / 10, samples));
        rows.add(Row.of(scenario, "its put begun -> plan, p50", all.p50(), "ms"));
        rows.add(Row.of(scenario, "its put begun -> plan, p99", all.p99(), "ms"));
    }

    /** A thousand changes a second, each of another instance than the last: how long after etcd's answer each is planned. */
    private void storm(String scenario, GeneratedFleet fleet, PlanningWatcher watcher, int instances)
            throws InterruptedException {
        int seconds = quick ? 10 : 60;
        Map<String, Long> answered = new ConcurrentHashMap<>();
        List<List<Long>> lags = List.of(new ArrayList<>(), new ArrayList<>());
        double cpu = watcher.cpuSeconds();
        long begun = System.nanoTime();
        long half = begun + TimeUnit.SECONDS.toNanos(seconds) / 2;
        CountDownLatch written = new CountDownLatch(1);
        Thread reader = Thread.ofPlatform().name("storm").start(() -> take(watcher, answered, lags, half, written));
        for (int i = 0; i < seconds * PER_SECOND; i++) {
            int instance = (int) (i * 7919L % instances);
            long due = begun + i * (1_000_000_000L / PER_SECOND);
            for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            answered.put(GeneratedFleet.name(instance), System.nanoTime());
            fleet.change(instance, 101 + i / instances + i % 100, done -> {});
        }
        double took = (System.nanoTime() - begun) / 1e9;
        double rate = seconds * PER_SECOND / took;
        double share = (watcher.cpuSeconds() - cpu) / took;
        written.countDown();
        reader.join();
        rows.add(Row.of(scenario, "changes a second, asked 1000", rate, ""));
        for (int part = 0; part < 2; part++) {
            String when = part == 0 ? "first half" : "second half";
            Samples lag = Samples.ofNanos(lags.get(part));
            rows.add(Row.of(scenario, "put begun -> plan, p50, " + when, lag.p50(), "ms"));
            rows.add(Row.of(scenario, "put begun -> plan, p99, " + when, lag.p99(), "ms"));
        }
        int late = lags.get(1).size() - Math.min(PER_SECOND, lags.get(1).size());
        Samples last = Samples.ofNanos(lags.get(1).subList(late, lags.get(1).size()));
        rows.add(new Row(scenario, "put begun -> plan, p99, last second", last.p99(), "ms", 1000));
        rows.add(Row.of(scenario, "processor meanwhile", share, "cores"));
        rows.add(new Row(scenario, "changes never planned", answered.size(), "", 0));
    }

    private static void take(
            PlanningWatcher watcher,
            Map<String, Long> begun,
            List<List<Long>> lags,
            long half,
            CountDownLatch written) {
        try {
            while (true) {
                Optional<Planned> plan = watcher.next(3000);
                if (plan.isEmpty() && written.getCount() == 0) {
                    return;
                }
                plan.ifPresent(one -> one.instances().forEach(instance -> {
                    Long at = begun.remove(instance);
                    if (at != null) {
                        lags.get(at < half ? 0 : 1).add(one.nanos() - at);
                    }
                }));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The program as it is. */
    private void whole(String scenario, Client client, EtcdProcess etcd, int instances, String layout)
            throws InterruptedException, IOException {
        new GeneratedFleet(client, instances, layout, Protocol.UDP).write();
        long begun = System.nanoTime();
        try (Program watcher = Program.start(
                folder.resolve("whole.log"),
                Ports.free(),
                List.of(
                        "watcher",
                        "--etcd-endpoints=" + etcd.endpoint(),
                        "--watcher-id=whole",
                        "--state-dir=" + folder,
                        "--haproxy-run",
                        "--haproxy-bind=127.0.0.1:" + Ports.free(),
                        "--haproxy-config=" + folder.resolve("whole.cfg"),
                        "--haproxy-socket=" + folder.resolve("whole.sock"),
                        "--haproxy-master-socket=" + folder.resolve("whole-master.sock"),
                        "--haproxy-snippets=" + folder.resolve("snippets")))) {
            watcher.awaitReady();
            rows.add(new Row(scenario, "muster watcher, start -> ready", (System.nanoTime() - begun) / 1e9, "s", 5));
            rows.add(new Row(scenario, "muster watcher, RSS", watcher.rssMib(), "MiB", 400));
        }
        Program.endHaproxy(folder.resolve("whole.cfg"));
    }
}
