package dev.muster.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.ToLongFunction;

/** Start -> an instance's first key, in each layout. */
final class Layouts {

    private static final List<String> KINDS = List.of("fields", "json", "presence", "registrator", "skydns");

    private final Engine engine;
    private final KeyLog keys;
    private final BiFunction<String, List<String>, Program> agents;
    private final ToLongFunction<String> started;
    private final int samples;
    private final List<Row> rows = new ArrayList<>();

    /**
     * @param agents starts an agent of that name, with more flags
     * @param started when the engine said that a container was started, as {@link KeyLog#nanosNow}
     */
    Layouts(
            Engine engine,
            KeyLog keys,
            BiFunction<String, List<String>, Program> agents,
            ToLongFunction<String> started,
            int samples) {
        this.engine = engine;
        this.keys = keys;
        this.agents = agents;
        this.started = started;
        this.samples = samples;
    }

    List<Row> measure(Samples floor) {
        for (String kind : KINDS) {
            measure(kind, List.of("--layout=" + kind), floor);
        }
        measure("all five", List.of("--layout=" + String.join(",", KINDS)), floor);
        return rows;
    }

    private void measure(String kind, List<String> flags, Samples floor) {
        String name = "layout-" + kind.replace(' ', '-');
        try (Program agent = agents.apply(name, flags)) {
            agent.awaitReady();
            List<Long> took = new ArrayList<>();
            for (int i = 0; i < samples; i++) {
                String instance = name + "-" + i + "x";
                List<String> one = engine.create(
                        1,
                        "--label=muster.enable=true",
                        "--label=muster.check=none",
                        "--label=muster.service=bench",
                        "--label=muster.instance=" + instance,
                        Engine.IMAGE,
                        "sleep",
                        "600");
                engine.start(one);
                took.add(keys.awaitKeyOf(instance) - started.applyAsLong(one.getFirst()));
                engine.remove(one);
            }
            Samples warm = Samples.warmed(took);
            rows.add(Row.of("start -> key, layout " + kind, "p50", warm.p50(), "ms"));
            rows.add(Row.of("start -> key, layout " + kind, "p50 / floor", warm.p50() / floor.p50(), "x"));
        }
    }
}
