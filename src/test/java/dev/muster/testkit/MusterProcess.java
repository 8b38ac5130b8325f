package dev.muster.testkit;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;

/**
 * One {@code muster agent} or {@code muster watcher} as people start it: {@code bin/muster} of the built distribution (system
 * property {@code muster.distribution}), a process of its own with its log in a file below {@code target/it-logs}.
 */
public final class MusterProcess implements AutoCloseable {

    static final Path DISTRIBUTION = Path.of(System.getProperty("muster.distribution", "target/muster-0.1.0"));
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final Process process;
    private final Path log;
    private final Pages pages;

    private MusterProcess(Process process, Path log, Pages pages) {
        this.process = process;
        this.log = log;
        this.pages = pages;
    }

    /** @param arguments the command and its flags; {@code --http} is added, at a free port */
    public static MusterProcess start(String... arguments) {
        return startBy(List.of(), arguments);
    }

    /** A command that has no pages of its own and ends by itself. */
    public static MusterProcess plain(String... arguments) {
        return launch(List.of(), Arrays.asList(arguments), Ports.free());
    }

    /** The same by another command, which must become this process in the end. */
    public static MusterProcess plainBy(List<String> by, String command, String... flags) {
        List<String> words = new ArrayList<>(List.of(command));
        words.addAll(Arrays.asList(flags));
        return launch(by, words, Ports.free());
    }

    /**
     * By another command, which must become this process in the end: {@code env}, {@code unshare}.
     *
     * @param command with its own arguments
     */
    public static MusterProcess startBy(List<String> command, String... arguments) {
        int port = Ports.free();
        List<String> words = new ArrayList<>(Arrays.asList(arguments));
        words.add("--http=127.0.0.1:" + port);
        return launch(command, words, port);
    }

    private static MusterProcess launch(List<String> command, List<String> arguments, int port) {
        Path launcher = DISTRIBUTION.resolve("bin/muster");
        if (!Files.isExecutable(launcher)) {
            throw new IllegalStateException(launcher + " is missing: run 'mvn package -DskipTests' first");
        }
        List<String> words = new ArrayList<>(command);
        words.add(launcher.toString());
        words.addAll(arguments);
        try {
            Path logs = Files.createDirectories(Path.of("target", "it-logs"));
            Path log = logs.resolve("%s-%d-%d.log"
                    .formatted(arguments.getFirst(), ProcessHandle.current().pid(), COUNT.incrementAndGet()));
            ProcessBuilder builder = new ProcessBuilder(words)
                    .redirectInput(new File("/dev/null"))
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile());
            builder.environment().put("MUSTER_JAVA_HOME", System.getProperty("java.home"));
            return new MusterProcess(builder.start(), log, new Pages("127.0.0.1", port));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until it says that it is ready; fails with its log. */
    public MusterProcess awaitReady() {
        Awaitility.await("muster is ready, see " + log)
                .atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> status("/health/ready") == 200);
        return this;
    }

    /** What one of its pages answers with, or 0 where nothing answers. */
    public int status(String path) {
        return pages.status(path);
    }

    /** One of its pages, empty where nothing answers. */
    public String page(String path) {
        return pages.text(path);
    }

    /** The first value of a metric, whatever its labels; NaN where there is none. */
    public double metric(String name) {
        return pages.metric(name);
    }

    /** SIGKILL, and waits for its end. */
    public void kill() {
        process.destroyForcibly();
        awaitExit();
    }

    /** SIGTERM, and waits for its end. @return its exit code */
    public int terminate() {
        process.destroy();
        return awaitExit();
    }

    /** SIGSTOP: it stands still. */
    public void pause() {
        signal("STOP");
    }

    /** SIGCONT. */
    public void unpause() {
        signal("CONT");
    }

    /** Waits for it to end by itself. @return its exit code */
    public int awaitExit() {
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                throw new IllegalStateException("muster does not end, see " + log);
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    public long pid() {
        return process.pid();
    }

    /** All that it has said so far. */
    public String log() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        if (process.isAlive()) {
            process.destroyForcibly(); // a process that stands still dies of it too
            awaitExit();
        }
    }

    private void signal(String name) {
        try {
            Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
            if (kill.waitFor() != 0) {
                throw new IllegalStateException("kill -" + name + " ended with " + kill.exitValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
