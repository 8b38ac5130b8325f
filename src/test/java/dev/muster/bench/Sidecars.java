package dev.muster.bench;

import io.etcd.jetcd.Client;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Ten sidecars beside each other, each with a container of its own: what they cost, and how soon they are there. */
final class Sidecars {

    private static final int COUNT = 10;
    private static final String SCENARIO = "ten sidecars";

    private final Engine engine;
    private final URI etcd;
    private final Path folder;
    private final boolean quick;
    private final List<Row> rows = new ArrayList<>();

    Sidecars(Engine engine, URI etcd, Path folder, boolean quick) {
        this.engine = engine;
        this.etcd = etcd;
        this.folder = folder;
        this.quick = quick;
    }

    List<Row> measure() throws InterruptedException {
        List<String> names = new ArrayList<>();
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < COUNT; i++) {
            String name =
                    "muster-bench-%d-%02d".formatted(ProcessHandle.current().pid(), i);
            names.add(name);
            ids.addAll(engine.create(
                    1,
                    "--name=" + name,
                    "--label=muster.agent=sidecar",
                    "--label=muster.check=none",
                    Engine.IMAGE,
                    "sleep",
                    "600"));
        }
        engine.start(ids);
        List<Program> sidecars = new ArrayList<>();
        try (Client client = Client.builder().endpoints(etcd).build();
                KeyLog keys = new KeyLog(client)) {
            List<Long> took = new ArrayList<>();
            for (int i = 0; i < COUNT; i++) {
                long begun = KeyLog.nanosNow();
                sidecars.add(start(names.get(i)));
                took.add(keys.awaitSeen(ids.get(i)) - begun);
            }
            rows.add(new Row(
                    SCENARIO, "exec -> first key, p50", Samples.ofNanos(took).p50(), "ms", 600));
            idle(sidecars, keys);
            events(sidecars);
        } finally {
            sidecars.forEach(Program::close);
        }
        atOnce(names, ids);
        engine.remove(ids);
        return rows;
    }

    private void idle(List<Program> sidecars, KeyLog keys) throws InterruptedException {
        TimeUnit.SECONDS.sleep(quick ? 2 : 10);
        long changes = keys.changes("");
        double before = cpu(sidecars);
        int seconds = quick ? 10 : 60;
        TimeUnit.SECONDS.sleep(seconds);
        double used = (cpu(sidecars) - before) * 100 / seconds;
        rows.add(Row.of(SCENARIO, "CPU of one core, all, idle", used, "%"));
        rows.add(new Row(SCENARIO, "etcd changes a minute", (keys.changes("") - changes) * 60.0 / seconds, "", 0));
        rows.add(Row.of(
                SCENARIO,
                "RSS, the largest",
                sidecars.stream().mapToDouble(Program::rssMib).max().orElseThrow(),
                "MiB"));
        rows.add(Row.of(
                SCENARIO,
                "PSS, all together",
                sidecars.stream().mapToDouble(Program::pssMib).sum(),
                "MiB"));
    }

    /** Containers that are none of their business come and go. */
    private void events(List<Program> sidecars) {
        int count = quick ? 10 : 50;
        List<String> others = engine.create(count, Engine.IMAGE, "sleep", "600");
        double before = cpu(sidecars);
        engine.start(others);
        engine.remove(others);
        rows.add(Row.of(SCENARIO, "CPU of one, other's run", (cpu(sidecars) - before) * 1000 / COUNT / count, "ms"));
    }

    private void atOnce(List<String> names, List<String> ids) throws InterruptedException {
        List<Program> sidecars = new ArrayList<>();
        try (Client client = Client.builder().endpoints(etcd).build();
                KeyLog keys = new KeyLog(client)) {
            long begun = KeyLog.nanosNow();
            names.forEach(name -> sidecars.add(start(name)));
            long last = ids.stream().mapToLong(keys::awaitSeen).max().orElseThrow();
            rows.add(Row.of(SCENARIO, "started at once -> last key", (last - begun) / 1e6, "ms"));
        } finally {
            sidecars.forEach(Program::close);
        }
    }

    private Program start(String container) {
        return Program.start(
                folder.resolve("sidecar.log"),
                List.of(
                        "agent",
                        "--container=" + container,
                        "--service=bench",
                        "--etcd-endpoints=" + etcd,
                        "--prefix=/bench/sidecars",
                        "--state-dir=" + folder,
                        "--private-address=127.0.0.1"));
    }

    private static double cpu(List<Program> programs) {
        return programs.stream().mapToDouble(Program::cpuSeconds).sum();
    }
}
