package dev.muster.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/** An agent that finds hundreds of containers running when it starts, and one that is killed and finds its own keys too. */
final class ManyAtStart {

    private static final String NAME = "many";
    private static final int AT_A_TIME = 50;

    private final Engine engine;
    private final KeyLog keys;
    private final BiFunction<String, List<String>, Program> agents;
    private final int count;

    /** @param agents starts an agent of that name, with more flags */
    ManyAtStart(Engine engine, KeyLog keys, BiFunction<String, List<String>, Program> agents, int count) {
        this.engine = engine;
        this.keys = keys;
        this.agents = agents;
        this.count = count;
    }

    List<Row> measure() {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < count; i += AT_A_TIME) {
            List<String> some = engine.create(
                    AT_A_TIME,
                    "--label=muster.enable=true",
                    "--label=muster.check=none",
                    Engine.IMAGE,
                    "sleep",
                    "3000");
            engine.start(some);
            ids.addAll(some);
        }
        String scenario = count + " containers at the start";
        List<Row> rows = new ArrayList<>();
        long begun = KeyLog.nanosNow();
        try (Program agent = agents.apply(NAME, List.of())) {
            long first = ids.stream().mapToLong(keys::awaitSeen).min().orElseThrow();
            long last = ids.stream().mapToLong(keys::awaitSeen).max().orElseThrow();
            agent.awaitReady();
            rows.add(Row.of(scenario, "exec -> first key", (first - begun) / 1e6, "ms"));
            rows.add(Row.of(scenario, "first key -> last key", (last - first) / 1e6, "ms"));
            rows.add(new Row(scenario, "transactions", keys.revisions("/bench/" + NAME + "/"), "", count));
            rows.add(Row.of(scenario, "RSS", agent.rssMib(), "MiB"));
            agent.kill();
        }
        long before = keys.revisions("/bench/" + NAME + "/");
        begun = KeyLog.nanosNow();
        try (Program successor = agents.apply(NAME, List.of())) {
            successor.awaitReady();
            rows.add(Row.of(scenario, "killed, exec -> ready again", (KeyLog.nanosNow() - begun) / 1e6, "ms"));
            rows.add(new Row(
                    scenario, "keys written anew by it", keys.revisions("/bench/" + NAME + "/") - before, "", 0));
        }
        engine.remove(ids);
        return rows;
    }
}
