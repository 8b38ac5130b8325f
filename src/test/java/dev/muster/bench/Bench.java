package dev.muster.bench;

import dev.muster.testkit.EtcdProcess;
import dev.muster.testkit.Ports;
import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.DoubleSupplier;
import org.awaitility.Awaitility;

/**
 * Measures the built distribution against a real Docker Engine, etcd and HAProxy, beside the floor: a bare warm loop that
 * puts one key when the engine's event arrives. Quote ratios: machines differ, and so does one machine from hour to hour.
 */
public final class Bench {

    private static final String[] UNCHECKED = {"--label", "muster.enable=true", "--label", "muster.check=none"};

    /** Whoever asks without a pause takes the processor from what is measured. */
    private static final long BETWEEN_ASKINGS = 500_000;

    private static final int BURSTS = 8;

    /** The engine takes a quarter of a second to start a container, and as long to end one. */
    private static final long INTO_A_START = 80_000_000;

    /** Before a container's id, where the floor says that it has seen it. */
    private static final String BARE = "bare ";

    private static final double QUIET_P50 = 1.7;
    private static final double QUIET_P99 = 3.3;

    private final boolean quick;
    private final String only;
    private final EtcdProcess etcd;
    private final Client client;
    private final Engine engine;
    private final KeyLog keys;
    private final Path folder;
    private final Map<String, Long> started = new ConcurrentHashMap<>();
    private final Map<String, Long> died = new ConcurrentHashMap<>();
    private final List<Row> rows = new ArrayList<>();

    private Bench(
            boolean quick, String only, EtcdProcess etcd, Client client, Engine engine, KeyLog keys, Path folder) {
        this.quick = quick;
        this.only = only;
        this.etcd = etcd;
        this.client = client;
        this.engine = engine;
        this.keys = keys;
        this.folder = folder;
    }

    /** @param args {@code --quick}, {@code --only=SCENARIO}, then the file for the JSON */
    public static void main(String[] args) throws Exception {
        boolean quick = List.of(args).contains("--quick");
        String only = List.of(args).stream()
                .filter(arg -> arg.startsWith("--only="))
                .map(arg -> arg.substring("--only=".length()))
                .findFirst()
                .orElse("");
        Path folder = Files.createTempDirectory("muster-bench");
        try (EtcdProcess etcd = EtcdProcess.start();
                Client client = Client.builder().endpoints(etcd.endpoint()).build();
                Engine engine = new Engine();
                KeyLog keys = new KeyLog(client)) {
            Bench bench = new Bench(quick, only, etcd, client, engine, keys, folder);
            try {
                bench.run();
            } finally {
                bench.report(Path.of(args[args.length - 1]));
            }
        }
        System.exit(0);
    }

    private void run() throws Exception {
        engine.events((action, id, nanos) -> (action.equals("start") ? started : died).putIfAbsent(id, nanos));
        // Docker's bridge takes up to a second to come up for the first container on it.
        List<String> warm = create(1, Engine.IMAGE);
        engine.start(warm);
        if (wants("latency")) {
            floor(); // which is to be warm
            Samples before = floor();
            latency(before);
            Samples after = floor();
            double drift = Math.abs(after.p50() - before.p50()) / before.p50();
            rows.add(Row.of("floor", "p50 before", before.p50(), "ms"));
            rows.add(Row.of("floor", "p99 before", before.p99(), "ms"));
            rows.add(Row.of("floor", "p50 after", after.p50(), "ms"));
            rows.add(new Row("floor", "drift of p50 (30 % at most)", drift, "x", 0.30));
        }
        if (wants("balancer")) {
            balancer(floor());
        }
        if (wants("exec")) {
            execToFirstKey();
        }
        if (wants("idle")) {
            idle();
        }
        if (wants("layouts")) {
            Samples floor = floor();
            say("start -> key, each layout");
            rows.addAll(new Layouts(engine, keys, this::agent, id -> awaitNanos(started, id), quick ? 8 : 30)
                    .measure(floor));
        }
        if (wants("many")) {
            say("hundreds of containers at the start");
            rows.addAll(new ManyAtStart(engine, keys, this::agent, quick ? 100 : 500).measure());
        }
        if (wants("sidecars")) {
            say("sidecars");
            rows.addAll(new Sidecars(engine, etcd.endpoint(), folder, quick).measure());
        }
        if (wants("churn")) {
            say("churn");
            rows.addAll(new Churn(engine, etcd.endpoint(), folder, quick).measure());
        }
        if (wants("catalog")) {
            new CatalogScale(folder, quick, rows).measure();
        }
        if (wants("servers")) {
            say("HAProxy with 2,000 servers");
            new BalancerScale(folder, quick, rows).measure();
        }
        if (wants("names")) {
            say("names in Route 53");
            rows.addAll(new NamesScale(quick).measure());
        }
        engine.remove(warm);
    }

    private boolean wants(String scenario) {
        return only.isEmpty() || only.equals(scenario);
    }

    private List<String> create(int count, String... more) {
        return engine.create(count, more);
    }

    private Samples floor() throws Exception {
        say("floor");
        try (Engine own = new Engine()) {
            own.events((action, id, nanos) -> {
                if (action.equals("start")) {
                    put("/floor/" + id + "/container_id", id);
                }
            });
            List<String> ids = create(quick ? 20 : 100, Engine.IMAGE, "sleep", "600");
            List<Long> took = oneByOne(ids);
            engine.remove(ids);
            return warmed(took);
        }
    }

    /** start -> key, stop -> key gone, and bursts. */
    private void latency(Samples floor) throws Exception {
        try (Program agent = agent("latency", "30s")) {
            agent.awaitReady();
            say("start -> key");
            List<String> ids = create(quick ? 20 : 100, with(UNCHECKED, Engine.IMAGE, "sleep", "600"));
            Samples start = warmed(oneByOne(ids));
            ratio("start -> key", start, floor, 1.9, 1.6);
            say("stop -> key gone");
            List<Long> gone = new ArrayList<>();
            for (String id : ids) {
                engine.kill(id);
                gone.add(keys.awaitGone(id) - awaitNanos(died, id));
            }
            Samples stop = warmed(gone);
            rows.add(Row.of("stop -> key gone", "p50", stop.p50(), "ms"));
            rows.add(Row.of("stop -> key gone", "p99", stop.p99(), "ms"));
            rows.add(Row.of("stop -> key gone", "p50 / floor", stop.p50() / floor.p50(), "x"));
            engine.remove(ids);
            replacements(floor);
            bursts();
        }
    }

    /** start -> key of a container that starts while another one ends, for which the engine does not answer meanwhile. */
    private void replacements(Samples floor) throws Exception {
        say("replacement");
        List<String> ids = create(quick ? 10 : 50, with(UNCHECKED, Engine.IMAGE, "sleep", "600"));
        engine.startAtOnce(ids.subList(0, 1));
        List<Long> took = new ArrayList<>();
        for (int i = 1; i < ids.size(); i++) {
            String old = ids.get(i - 1);
            Thread ending = Thread.ofPlatform().start(() -> {
                LockSupport.parkNanos(INTO_A_START);
                engine.kill(old);
            });
            engine.startAtOnce(ids.subList(i, i + 1));
            took.add(keys.awaitSeen(ids.get(i)) - awaitNanos(started, ids.get(i)));
            ending.join();
        }
        engine.remove(ids);
        Samples samples = warmed(took);
        rows.add(Row.of("replacement: start -> key", "p50", samples.p50(), "ms"));
        rows.add(Row.of("replacement: start -> key", "p99", samples.p99(), "ms"));
        rows.add(Row.of("replacement: start -> key", "p50 / floor", samples.p50() / floor.p50(), "x"));
    }

    /**
     * Fifty starts in one moment, some times. The floor sees the same starts, since they keep the engine, the disk and the
     * processor busy, each time otherwise.
     */
    private void bursts() throws Exception {
        List<Long> took = new ArrayList<>();
        List<Long> bare = new ArrayList<>();
        try (Engine own = new Engine()) {
            own.events((action, id, nanos) -> {
                if (action.equals("start")) {
                    put("/floor/" + id + "/container_id", BARE + id);
                }
            });
            for (int i = 0; i < (quick ? 1 : BURSTS); i++) {
                say("burst of 50");
                List<String> ids = create(50, with(UNCHECKED, Engine.IMAGE, "sleep", "600"));
                engine.startAtOnce(ids);
                for (String id : ids) {
                    long begun = awaitNanos(started, id);
                    took.add(keys.awaitSeen(id) - begun);
                    bare.add(keys.awaitSeen(BARE + id) - begun);
                }
                engine.remove(ids);
            }
        }
        Samples samples = Samples.ofNanos(took);
        Samples floor = Samples.ofNanos(bare);
        rows.add(Row.of("burst of 50 starts", "p50", samples.p50(), "ms"));
        rows.add(Row.of("burst of 50 starts", "p99", samples.p99(), "ms"));
        rows.add(Row.of("burst of 50 starts", "floor's p50", floor.p50(), "ms"));
        rows.add(Row.of("burst of 50 starts", "floor's p99", floor.p99(), "ms"));
        rows.add(new Row("burst of 50 starts", "p99 / floor's", samples.p99() / floor.p99(), "x", 2));
    }

    /**
     * start -> first 200 through HAProxy, less the container's own first answer; and own first answer -> key. Beside the
     * service's only other instance, which is paused: so what is measured is a server that joins, not the frontend's first,
     * and HAProxy itself says 503 at once until then, without another container's work in between.
     */
    private void balancer(Samples floor) throws Exception {
        say("start -> first 200 through HAProxy");
        int bind = Ports.free();
        try (Program agent = agent("balancer", "30s");
                Program watcher = watcher(bind)) {
            agent.awaitReady();
            watcher.awaitReady();
            List<String> standing = balanced("standing");
            engine.start(standing);
            firstAnswer("http://127.0.0.1:" + bind + "/", "bench", "standing");
            engine.pause(standing.getFirst());
            List<Long> lag = new ArrayList<>();
            List<Long> toKey = new ArrayList<>();
            for (int i = 0; i < (quick ? 8 : 40); i++) {
                String name = "joining" + i;
                List<String> one = balanced(name);
                engine.start(one);
                String direct = engine.address(one.getFirst());
                long own = firstAnswer("http://" + direct + ":80/", "bench", name);
                long through = firstAnswer("http://127.0.0.1:" + bind + "/", "bench", name);
                toKey.add(keys.awaitSeen(one.getFirst()) - own);
                lag.add(Math.max(0, through - own));
                engine.remove(one);
            }
            awaited("first 200 through HAProxy", "after its own", warmed(lag), floor, 8, 20);
            awaited("own first answer -> key", "default check", warmed(toKey), floor, 10, 25);
        }
        Program.endHaproxy(folder.resolve("muster.cfg"));
    }

    /** Goals in milliseconds are those of a machine whose floor is {@link #QUIET_P50} and {@link #QUIET_P99}. */
    private void awaited(String scenario, String what, Samples took, Samples floor, double p50Goal, double p99Goal) {
        rows.add(new Row(scenario, "p50 " + what, took.p50(), "ms", p50Goal));
        rows.add(new Row(scenario, "p99 " + what, took.p99(), "ms", p99Goal));
        rows.add(new Row(scenario, "p50 / floor", took.p50() / floor.p50(), "x", p50Goal / QUIET_P50));
        rows.add(new Row(scenario, "p99 / floor", took.p99() / floor.p99(), "x", p99Goal / QUIET_P99));
    }

    private List<String> balanced(String name) {
        return create(
                1,
                "--label",
                "muster.enable=true",
                "--label",
                "muster.service=bench",
                "--label",
                "muster.instance=" + name,
                "--env",
                "NAME=" + name,
                Engine.IMAGE);
    }

    private void execToFirstKey() throws InterruptedException {
        say("exec -> first key");
        List<String> one = create(1, with(UNCHECKED, Engine.IMAGE, "sleep", "600"));
        engine.start(one);
        List<Long> took = new ArrayList<>();
        for (int i = 0; i < (quick ? 3 : 7); i++) {
            try (Client own = Client.builder().endpoints(etcd.endpoint()).build();
                    KeyLog fresh = new KeyLog(own)) {
                put("/ready/x/container_id", "ready" + i);
                fresh.awaitSeen("ready" + i);
                long begun = KeyLog.nanosNow();
                try (Program agent = agent("exec" + i, "3s")) {
                    took.add(fresh.awaitSeen(one.getFirst()) - begun);
                }
            }
        }
        rows.add(new Row("exec -> first key", "p50", Samples.ofNanos(took).p50(), "ms", 600));
        engine.remove(one);
    }

    private void idle() throws InterruptedException {
        double floor = idleFloor();
        List<String> unchecked = create(50, with(UNCHECKED, Engine.IMAGE, "sleep", "600"));
        engine.startAtOnce(unchecked);
        idle("idle, 50 containers, check=none", unchecked, floor, 0.1);
        engine.remove(unchecked);
        List<String> checked = create(50, "--label", "muster.enable=true", Engine.IMAGE);
        engine.startAtOnce(checked);
        idle("idle, 50 containers, default check", checked, floor, Double.NaN);
        engine.remove(checked);
    }

    /** Of one core, percent, in the same minute of its life as the agents. */
    private double idleFloor() throws InterruptedException {
        say("idle, floor");
        try (BareRenewal bare = BareRenewal.start(folder.resolve("bare.log"), etcd.endpoint())) {
            TimeUnit.SECONDS.sleep(quick ? 2 : 10);
            double percent = percent(bare::cpuSeconds);
            rows.add(Row.of("idle, floor", "CPU of one core", percent, "%"));
            return percent;
        }
    }

    /** Of one core, over a minute from now. */
    private double percent(DoubleSupplier cpuSeconds) throws InterruptedException {
        double before = cpuSeconds.getAsDouble();
        int seconds = quick ? 10 : 60;
        TimeUnit.SECONDS.sleep(seconds);
        return (cpuSeconds.getAsDouble() - before) * 100 / seconds;
    }

    private void idle(String scenario, List<String> ids, double floor, double cpuGoal) throws InterruptedException {
        say(scenario);
        String name = "idle" + ids.getFirst().substring(0, 6);
        try (Program agent = agent(name, "10s")) {
            agent.awaitReady();
            ids.forEach(keys::awaitSeen);
            TimeUnit.SECONDS.sleep(quick ? 2 : 10);
            long changes = keys.changes(name);
            double cpu = percent(agent::cpuSeconds);
            rows.add(new Row(scenario, "CPU of one core", cpu, "%", cpuGoal));
            rows.add(Row.of(scenario, "CPU / floor", cpu / floor, "x"));
            rows.add(new Row(scenario, "etcd changes in that time", keys.changes(name) - changes, "", 0));
            rows.add(new Row(scenario, "RSS", agent.rssMib(), "MiB", 96));
        }
    }

    private Program agent(String name, String ttl) {
        return agent(name, List.of("--ttl=" + ttl));
    }

    private Program agent(String name, List<String> more) {
        List<String> words = new ArrayList<>(List.of(
                "agent",
                "--opt-in",
                "--agent-id=" + name,
                "--etcd-endpoints=" + etcd.endpoint(),
                "--prefix=/bench/" + name,
                "--state-dir=" + folder,
                "--private-address=127.0.0.1"));
        words.addAll(more);
        return Program.start(folder.resolve("agent.log"), Ports.free(), words);
    }

    private Program watcher(int bind) {
        return Program.start(
                folder.resolve("watcher.log"),
                Ports.free(),
                List.of(
                        "watcher",
                        "--etcd-endpoints=" + etcd.endpoint(),
                        "--prefix=/bench/balancer",
                        "--state-dir=" + folder,
                        "--haproxy-run",
                        "--haproxy-bind=127.0.0.1:" + bind,
                        "--haproxy-config=" + folder.resolve("muster.cfg"),
                        "--haproxy-socket=" + folder.resolve("admin.sock"),
                        "--haproxy-master-socket=" + folder.resolve("master.sock"),
                        "--haproxy-snippets=" + folder.resolve("snippets")));
    }

    private List<Long> oneByOne(List<String> ids) {
        List<Long> took = new ArrayList<>();
        for (String id : ids) {
            engine.start(List.of(id));
            took.add(keys.awaitSeen(id) - awaitNanos(started, id));
        }
        return took;
    }

    /** Without the first tenth, which finds cold code. */
    private static Samples warmed(List<Long> nanos) {
        return Samples.ofNanos(nanos.subList(nanos.size() / 10, nanos.size()));
    }

    private void ratio(String scenario, Samples samples, Samples floor, double p50Goal, double p99Goal) {
        rows.add(Row.of(scenario, "p50", samples.p50(), "ms"));
        rows.add(Row.of(scenario, "p99", samples.p99(), "ms"));
        rows.add(new Row(scenario, "p50 / floor", samples.p50() / floor.p50(), "x", p50Goal));
        rows.add(new Row(scenario, "p99 / floor", samples.p99() / floor.p99(), "x", p99Goal));
    }

    /** When a GET is first answered by that instance; asks without a pause, since milliseconds count. */
    private static long firstAnswer(String url, String host, String instance) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!answers(url, host, instance)) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(instance + " does not answer at " + url);
            }
            LockSupport.parkNanos(BETWEEN_ASKINGS);
        }
        return KeyLog.nanosNow();
    }

    private static boolean answers(String url, String host, String instance) {
        URI place = URI.create(url);
        try (Socket socket = new Socket()) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(500);
            socket.connect(new InetSocketAddress(place.getHost(), place.getPort()), 200);
            socket.getOutputStream()
                    .write("GET / HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n"
                            .formatted(host)
                            .getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            return answer.startsWith("HTTP/1.1 200") && answer.contains(instance);
        } catch (IOException e) {
            return false;
        }
    }

    private void put(String key, String value) {
        try {
            client.getKVClient().put(bytes(key), bytes(value)).get(5, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | java.util.concurrent.TimeoutException e) {
            throw new IllegalStateException(key + " cannot be put", e);
        }
    }

    private static ByteSequence bytes(String text) {
        return ByteSequence.from(text, StandardCharsets.UTF_8);
    }

    private static long awaitNanos(Map<String, Long> events, String id) {
        return Awaitility.await("event of " + id)
                .pollDelay(0, TimeUnit.MILLISECONDS)
                .until(() -> events.getOrDefault(id, 0L), nanos -> nanos > 0);
    }

    private static String[] with(String[] first, String... more) {
        List<String> all = new ArrayList<>(List.of(first));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    private static void say(String what) {
        System.err.println("-- " + what);
    }

    private void report(Path json) throws IOException {
        rows.forEach(row -> System.out.println(row.line()));
        Files.writeString(
                json, "[" + String.join(",\n ", rows.stream().map(Row::json).toList()) + "]\n");
        System.out.println("as JSON: " + json);
    }
}
