package dev.muster.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** start -> key, stop -> key gone, also while another container ends and in bursts. */
final class StartLatency {

    private static final int BURSTS = 8;

    /** The engine takes a quarter of a second to start a container, and as long to end one. */
    private static final long INTO_A_START = 80_000_000;

    /** Before a container's id, where the floor says that it has seen it. */
    private static final String BARE = "bare ";

    private final Lab lab;
    private final Engine engine;
    private final KeyLog keys;
    private final List<Row> rows = new ArrayList<>();

    StartLatency(Lab lab) {
        this.lab = lab;
        this.engine = lab.engine();
        this.keys = lab.keys();
    }

    List<Row> measure() throws InterruptedException {
        lab.floor(); // which is to be warm
        Samples before = lab.floor();
        try (Program agent = lab.agent("latency", List.of("--ttl=30s"))) {
            agent.awaitReady();
            startsAndStops(before);
            replacements(before);
            bursts();
        }
        Samples after = lab.floor();
        double drift = Math.abs(after.p50() - before.p50()) / before.p50();
        rows.add(Row.of("floor", "p50 before", before.p50(), "ms"));
        rows.add(Row.of("floor", "p99 before", before.p99(), "ms"));
        rows.add(Row.of("floor", "p50 after", after.p50(), "ms"));
        rows.add(new Row("floor", "drift of p50 (30 % at most)", drift, "x", 0.30));
        return rows;
    }

    private void startsAndStops(Samples floor) {
        Lab.say("start -> key");
        List<String> ids = lab.unchecked(lab.samples(200, 20));
        Samples start = Samples.warmed(lab.oneByOne(ids));
        rows.add(Row.of("start -> key", "p50", start.p50(), "ms"));
        rows.add(Row.of("start -> key", "p99", start.p99(), "ms"));
        rows.add(new Row("start -> key", "p50 / floor", start.p50() / floor.p50(), "x", 1.9));
        rows.add(new Row("start -> key", "p99 / floor", start.p99() / floor.p99(), "x", 1.6));
        Lab.say("stop -> key gone");
        List<Long> gone = new ArrayList<>();
        for (String id : ids) {
            engine.kill(id);
            gone.add(keys.awaitGone(id) - lab.died(id));
        }
        Samples stop = Samples.warmed(gone);
        rows.add(Row.of("stop -> key gone", "p50", stop.p50(), "ms"));
        rows.add(Row.of("stop -> key gone", "p99", stop.p99(), "ms"));
        rows.add(Row.of("stop -> key gone", "p50 / floor", stop.p50() / floor.p50(), "x"));
        engine.remove(ids);
    }

    /** start -> key of a container that starts while another one ends, for which the engine does not answer meanwhile. */
    private void replacements(Samples floor) throws InterruptedException {
        Lab.say("replacement");
        List<String> ids = lab.unchecked(lab.samples(50, 10));
        engine.startAtOnce(ids.subList(0, 1));
        List<Long> took = new ArrayList<>();
        for (int i = 1; i < ids.size(); i++) {
            String old = ids.get(i - 1);
            Thread ending = Thread.ofPlatform().start(() -> {
                LockSupport.parkNanos(INTO_A_START);
                engine.kill(old);
            });
            engine.startAtOnce(ids.subList(i, i + 1));
            took.add(keys.awaitSeen(ids.get(i)) - lab.started(ids.get(i)));
            ending.join();
        }
        engine.remove(ids);
        Samples samples = Samples.warmed(took);
        rows.add(Row.of("replacement: start -> key", "p50", samples.p50(), "ms"));
        rows.add(Row.of("replacement: start -> key", "p99", samples.p99(), "ms"));
        rows.add(Row.of("replacement: start -> key", "p50 / floor", samples.p50() / floor.p50(), "x"));
    }

    /**
     * Fifty starts in one moment, some times. The floor sees the same starts, since they keep the engine, the disk and the
     * processor busy, each time otherwise.
     */
    private void bursts() throws InterruptedException {
        List<Long> took = new ArrayList<>();
        List<Long> bare = new ArrayList<>();
        try (Engine own = lab.bareLoop(BARE)) {
            for (int i = 0; i < lab.samples(BURSTS, 1); i++) {
                Lab.say("burst of 50");
                List<String> ids = lab.unchecked(50);
                engine.startAtOnce(ids);
                for (String id : ids) {
                    long begun = lab.started(id);
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
}
