package dev.muster.bench;

import dev.muster.testkit.EtcdProcess;
import io.etcd.jetcd.Client;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Measures the built distribution against a real Docker Engine, etcd and HAProxy, beside the floor: a bare warm loop that
 * puts one key when the engine's event arrives. Quote ratios: machines differ, and so does one machine from hour to hour.
 */
public final class Bench {

    private final Lab lab;
    private final String only;
    private final List<Row> rows = new ArrayList<>();

    private Bench(Lab lab, String only) {
        this.lab = lab;
        this.only = only;
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
            Bench bench = new Bench(new Lab(quick, folder, etcd, client, engine, keys), only);
            try {
                bench.run();
            } finally {
                bench.report(Path.of(args[args.length - 1]));
            }
        }
        System.exit(0);
    }

    private void run() throws Exception {
        // Docker's bridge takes up to a second to come up for the first container on it.
        List<String> warm = lab.engine().create(1, Engine.IMAGE);
        lab.engine().start(warm);
        if (wants("latency")) {
            rows.addAll(new StartLatency(lab).measure());
        }
        if (wants("balancer")) {
            rows.addAll(new FirstAnswers(lab).measure());
        }
        if (wants("exec")) {
            execToFirstKey();
        }
        if (wants("idle")) {
            rows.addAll(new Idling(lab).measure());
        }
        if (wants("layouts")) {
            Samples floor = lab.floor();
            Lab.say("start -> key, each layout");
            rows.addAll(
                    new Layouts(lab.engine(), lab.keys(), lab::agent, lab::started, lab.samples(30, 8)).measure(floor));
        }
        if (wants("many")) {
            Lab.say("hundreds of containers at the start");
            rows.addAll(new ManyAtStart(lab.engine(), lab.keys(), lab::agent, lab.samples(500, 100)).measure());
        }
        if (wants("sidecars")) {
            Lab.say("sidecars");
            rows.addAll(new Sidecars(lab.engine(), lab.etcd(), lab.folder(), lab.quick()).measure());
        }
        if (wants("churn")) {
            Lab.say("churn");
            rows.addAll(new Churn(lab.engine(), lab.etcd(), lab.folder(), lab.quick()).measure());
        }
        if (wants("catalog")) {
            new CatalogScale(lab.folder(), lab.quick(), rows).measure();
        }
        if (wants("servers")) {
            Lab.say("HAProxy with 2,000 servers");
            new BalancerScale(lab.folder(), lab.quick(), rows).measure();
        }
        if (wants("names")) {
            Lab.say("names in Route 53");
            rows.addAll(new NamesScale(lab.quick()).measure());
        }
        lab.engine().remove(warm);
    }

    private boolean wants(String scenario) {
        return only.isEmpty() || only.equals(scenario);
    }

    private void execToFirstKey() throws InterruptedException {
        Lab.say("exec -> first key");
        List<String> one = lab.unchecked(1);
        lab.engine().start(one);
        List<Long> took = new ArrayList<>();
        for (int i = 0; i < lab.samples(7, 3); i++) {
            try (Client own = Client.builder().endpoints(lab.etcd()).build();
                    KeyLog fresh = new KeyLog(own)) {
                lab.put("/ready/x/container_id", "ready" + i);
                fresh.awaitSeen("ready" + i);
                long begun = KeyLog.nanosNow();
                try (Program agent = lab.agent("exec" + i, List.of("--ttl=3s"))) {
                    took.add(fresh.awaitSeen(one.getFirst()) - begun);
                }
            }
        }
        rows.add(new Row("exec -> first key", "p50", Samples.ofNanos(took).p50(), "ms", 600));
        lab.engine().remove(one);
    }

    private void report(Path json) throws IOException {
        rows.forEach(row -> System.out.println(row.line()));
        Files.writeString(
                json, "[" + String.join(",\n ", rows.stream().map(Row::json).toList()) + "]\n");
        System.out.println("as JSON: " + json);
    }
}
