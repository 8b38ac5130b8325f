package dev.muster.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** {@link PlanOnly} in a process of its own, by the launcher of the built distribution, with the options that a watcher gets. */
final class PlanningWatcher implements AutoCloseable {

    private static final String PLAN = "plan ";

    /**
     * @param nanos when it was there ({@link System#nanoTime}, which is one clock for all processes of a Linux machine)
     * @param tookNanos since the newest change had arrived at the watcher
     */
    record Planned(long nanos, long tookNanos, int changes, List<String> instances) {
        static Planned parse(String line) {
            String[] words = line.substring(PLAN.length()).split(" ", -1);
            return new Planned(
                    Long.parseLong(words[0]),
                    Long.parseLong(words[1]),
                    Integer.parseInt(words[2]),
                    Arrays.asList(words).subList(3, words.length));
        }
    }

    private final Process process;
    private final long begun = System.nanoTime();
    private final BlockingQueue<Planned> plans = new LinkedBlockingQueue<>();

    PlanningWatcher(Path log, String endpoint) {
        // What the launcher itself says of the classes and the program comes later, and is taken for arguments.
        ProcessBuilder builder = new ProcessBuilder(Program.launcher(), "watcher", endpoint);
        builder.environment()
                .put(
                        "MUSTER_JAVA_OPTS",
                        "-cp %s %s".formatted(System.getProperty("java.class.path"), PlanOnly.class.getName()));
        try {
            process = builder.redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().name("plans").start(this::read);
    }

    private void read() {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith(PLAN)) {
                    plans.add(Planned.parse(line));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The next plan that is not empty; empty where there is none in that time. */
    Optional<Planned> next(long timeoutMillis) throws InterruptedException {
        return Optional.ofNullable(plans.poll(timeoutMillis, TimeUnit.MILLISECONDS));
    }

    /** Since its process was started, until a plan. */
    double secondsUntil(Planned plan) {
        return (plan.nanos() - begun) / 1e9;
    }

    double rssMib() {
        return Program.rssMib(process.pid());
    }

    double cpuSeconds() {
        return Program.cpuSeconds(process.pid());
    }

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
    }
}
