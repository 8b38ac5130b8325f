package dev.muster.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What an agent takes while nothing happens, beside a JVM that only renews one lease: in the minute after its first ten
 * seconds, in which the JVM still compiles, and in three some minutes later.
 */
final class Idling {

    private static final double GOAL = 0.1;

    private final Lab lab;
    private final List<Row> rows = new ArrayList<>();

    Idling(Lab lab) {
        this.lab = lab;
    }

    List<Row> measure() throws InterruptedException {
        List<String> unchecked = lab.unchecked(50);
        lab.engine().startAtOnce(unchecked);
        measure("idle, 50 containers, check=none", unchecked, GOAL, true);
        lab.engine().remove(unchecked);
        List<String> checked = lab.engine().create(50, "--label", "muster.enable=true", Engine.IMAGE);
        lab.engine().startAtOnce(checked);
        measure("idle, 50 containers, default check", checked, Double.NaN, false);
        lab.engine().remove(checked);
        return rows;
    }

    private void measure(String scenario, List<String> ids, double goal, boolean later) throws InterruptedException {
        Lab.say(scenario);
        String name = "idle" + ids.getFirst().substring(0, 6);
        try (BareRenewal floor = BareRenewal.start(lab.folder().resolve("bare.log"), lab.etcd());
                Program agent = lab.agent(name, List.of("--ttl=10s"))) {
            agent.awaitReady();
            ids.forEach(lab.keys()::awaitSeen);
            TimeUnit.SECONDS.sleep(lab.samples(10, 2));
            long changes = lab.keys().changes(name);
            watch(lab.samples(60, 10), scenario, "CPU of one core", agent, floor, goal);
            rows.add(new Row(scenario, "RSS", agent.rssMib(), "MiB", 96));
            if (later) {
                TimeUnit.SECONDS.sleep(lab.samples(360, 10));
                watch(lab.samples(180, 10), scenario, "CPU, after seven minutes", agent, floor, goal);
            }
            rows.add(new Row(scenario, "etcd changes meanwhile", lab.keys().changes(name) - changes, "", 0));
        }
    }

    /** Of one core, from now on; the kernel counts hundredths of a second. */
    private void watch(int seconds, String scenario, String figure, Program agent, BareRenewal floor, double goal)
            throws InterruptedException {
        double agentBefore = agent.cpuSeconds();
        double floorBefore = floor.cpuSeconds();
        TimeUnit.SECONDS.sleep(seconds);
        double percent = (agent.cpuSeconds() - agentBefore) * 100 / seconds;
        double floorPercent = (floor.cpuSeconds() - floorBefore) * 100 / seconds;
        rows.add(new Row(scenario, figure, percent, "%", goal));
        rows.add(Row.of(scenario, figure + ", floor", floorPercent, "%"));
    }
}
