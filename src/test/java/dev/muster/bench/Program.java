package dev.muster.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** One Muster process of the built distribution. */
final class Program implements AutoCloseable {

    private static final double TICKS_PER_SECOND = 100;

    private final Process process;
    private final int http;

    private Program(Process process, int http) {
        this.process = process;
        this.http = http;
    }

    /** @param words the command and its flags, but {@code --http} */
    static Program start(Path log, int http, List<String> words) {
        List<String> all = new ArrayList<>(words);
        all.addAll(List.of("--http", "127.0.0.1:" + http));
        return new Program(started(log, all), http);
    }

    /** One that has no pages; the words are the command and all of its flags. */
    static Program start(Path log, List<String> words) {
        return new Program(started(log, words), 0);
    }

    private static Process started(Path log, List<String> words) {
        List<String> command = new ArrayList<>(List.of(launcher()));
        command.addAll(words);
        try {
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void awaitReady() {
        Awaitility.await("readiness").atMost(Duration.ofSeconds(30)).until(this::isReady);
    }

    private boolean isReady() {
        try {
            HttpURLConnection page = (HttpURLConnection) URI.create("http://127.0.0.1:" + http + "/health/ready")
                    .toURL()
                    .openConnection();
            return page.getResponseCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    /** Resident set, MiB (proc_pid_status(5): VmRSS). */
    double rssMib() {
        return rssMib(process.pid());
    }

    static double rssMib(long pid) {
        return mib(pid, "status", "VmRSS:");
    }

    /** Its share of what it has in memory, MiB (proc_pid_smaps(5)): what several have in common counts once. */
    double pssMib() {
        return mib(process.pid(), "smaps_rollup", "Pss:");
    }

    private static double mib(long pid, String file, String figure) {
        return read(pid, file)
                .lines()
                .filter(line -> line.startsWith(figure))
                .mapToDouble(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")) / 1024)
                .findFirst()
                .orElseThrow();
    }

    /** User and system time so far, seconds (proc_pid_stat(5): utime, stime). */
    double cpuSeconds() {
        return cpuSeconds(process.pid());
    }

    static double cpuSeconds(long pid) {
        String stat = read(pid, "stat");
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
    }

    private static String read(long pid, String file) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(pid), file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** HAProxy outlives its watcher, as it is meant to. */
    static void endHaproxy(Path config) throws IOException {
        long pid = Long.parseLong(Files.readString(Path.of(config + ".pid")).strip());
        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroy);
    }

    static String launcher() {
        return Path.of(System.getProperty("muster.distribution"), "bin", "muster")
                .toString();
    }

    /** Ends it by SIGKILL, at once. */
    void kill() {
        process.destroyForcibly();
    }

    /** Ends it by SIGTERM. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                throw new IllegalStateException("process " + process.pid() + " does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
