package dev.muster.provider.haproxy;

import dev.muster.config.HaproxyConfig;
import dev.muster.model.Target;
import dev.muster.process.TiedProcess;
import dev.muster.provider.ProviderException;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** HAProxy's master process: found, or started where that is wanted, and watched. */
final class HaproxyProcess implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(HaproxyProcess.class);
    private static final Duration START = Duration.ofSeconds(15);
    private static final Duration END = Duration.ofSeconds(5);

    private final HaproxyConfig config;
    private final LiveFile file;
    private final HaproxyMaster master;
    private final boolean tied;
    private final Runnable disturbed;
    private final Path pidFile;
    private final Path output;
    private volatile boolean closed;
    private long watched;
    private Optional<CompletableFuture<Void>> ended = Optional.empty();
    private @Nullable Process child;

    /**
     * @param tied whether it ends with this process
     * @param disturbed called when it ends by itself, from a thread of the JDK
     */
    HaproxyProcess(HaproxyConfig config, LiveFile file, boolean tied, Runnable disturbed) {
        this.config = config;
        this.file = file;
        this.master = new HaproxyMaster(config.masterSocket().toAbsolutePath());
        this.tied = tied;
        this.disturbed = disturbed;
        this.pidFile = file.path().resolveSibling(file.path().getFileName() + ".pid");
        this.output = file.path().resolveSibling(file.path().getFileName() + ".log");
    }

    /** Empty where none runs and this process may start one. */
    Optional<Running> find() throws ProviderException {
        Optional<Workers> found = master.find();
        if (found.isEmpty() && !config.run()) {
            throw new ProviderException(
                    "HAProxy does not answer on its master socket %s: start it ('systemctl start haproxy', or 'haproxy -W -S %s -f %s'), name another with --haproxy-master-socket, or have it run by --haproxy-run"
                            .formatted(config.masterSocket(), config.masterSocket(), config.config()));
        }
        if (found.isEmpty()) {
            return Optional.empty();
        }
        watch(found.get(), "found");
        return Optional.of(Running.of(master, found.get()));
    }

    /**
     * Starts it on the file that is there.
     *
     * @throws ProviderException in HAProxy's own words when it does not come up
     */
    Running start() throws ProviderException {
        Process started = launch();
        child = started;
        long deadline = System.nanoTime() + START.toNanos();
        while (true) {
            Optional<Workers> workers = started.isAlive() ? starting() : Optional.empty();
            if (workers.isPresent()) {
                watch(workers.get(), "started");
                return Running.of(master, workers.get());
            }
            if (!started.isAlive() || System.nanoTime() > deadline) {
                String said = Answers.alerts(outputSoFar());
                if (started.isAlive()) {
                    started.destroy();
                }
                throw new ProviderException("HAProxy does not start (%s): %s".formatted(output, said));
            }
            Pause.shortly();
        }
    }

    /** Has it read its file anew; a new worker serves when this returns. */
    Running reload(Workers before) throws ProviderException {
        return Running.of(master, master.reload(before));
    }

    /**
     * Requests that are under way, over every worker that there is.
     *
     * @throws ProviderException when a worker that is still there could not be asked
     */
    SortedMap<String, SortedMap<Target, Integer>> inFlight(SortedMap<String, SortedSet<Target>> targets)
            throws ProviderException {
        Workers workers = master.find()
                .orElseThrow(() -> new ProviderException(
                        "HAProxy does not answer on its master socket %s".formatted(config.masterSocket())));
        InFlight counted = new InFlight(targets);
        for (long worker : workers.all()) {
            try {
                counted.add(master.runtime(worker).sessions(targets.keySet()));
            } catch (ProviderException e) {
                // A worker that has ended carries nothing; one that is there and says nothing might.
                Optional<Workers> now = master.find();
                if (now.isEmpty() || now.get().all().contains(worker)) {
                    throw e;
                }
            }
        }
        return counted.counted();
    }

    private Optional<Workers> starting() {
        try {
            return master.find();
        } catch (ProviderException notYet) {
            return Optional.empty();
        }
    }

    private Process launch() throws ProviderException {
        List<String> command = new ArrayList<>(List.of(config.binary(), "-W"));
        command.addAll(List.of("-S", config.masterSocket().toAbsolutePath() + ",mode,600,level,admin"));
        command.addAll(List.of("-p", pidFile.toString()));
        command.addAll(file.arguments());
        command.addAll(handover());
        try {
            Files.deleteIfExists(output);
            ProcessBuilder builder = new ProcessBuilder(tied ? TiedProcess.command(command) : untied(command))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
            if (!tied) {
                builder.redirectInput(new File("/dev/null"));
            }
            builder.environment().remove("NOTIFY_SOCKET");
            return builder.start();
        } catch (IOException e) {
            throw new ProviderException("'%s' cannot be started: %s".formatted(config.binary(), e.getMessage()), e);
        }
    }

    /** In a session of its own, so that it outlives this process. */
    private static List<String> untied(List<String> command) {
        List<String> words = new ArrayList<>(scope());
        words.add("setsid");
        words.addAll(command);
        return words;
    }

    /** Under systemd a scope of its own, or it would be stopped along with this process's unit. */
    private static List<String> scope() {
        return Files.isDirectory(Path.of("/run/systemd/system")) && "root".equals(System.getProperty("user.name"))
                ? List.of("systemd-run", "--scope", "--quiet", "--collect", "--description=HAProxy, driven by Muster")
                : List.of();
    }

    /**
     * One that runs and has lost its master socket hands over, with its listening sockets where it still can: two that bind
     * one port would share its connections.
     */
    private List<String> handover() throws ProviderException {
        Optional<Long> survivor = survivor();
        if (survivor.isEmpty()) {
            return List.of();
        }
        List<String> arguments = new ArrayList<>();
        Path socket = config.socket().toAbsolutePath();
        if (Files.exists(socket)) {
            arguments.addAll(List.of("-x", socket.toString()));
        }
        arguments.addAll(List.of("-sf", Long.toString(survivor.get())));
        return arguments;
    }

    private Optional<Long> survivor() throws ProviderException {
        try {
            long pid = Long.parseLong(Files.readString(pidFile).strip());
            boolean ours = ProcessHandle.of(pid).isPresent()
                    && Files.readString(Path.of("/proc/" + pid + "/cmdline"), StandardCharsets.ISO_8859_1)
                            .contains("\0" + file.path() + "\0");
            return ours ? Optional.of(pid) : Optional.empty();
        } catch (NoSuchFileException | NumberFormatException none) {
            return Optional.empty();
        } catch (IOException e) {
            throw new ProviderException("%s cannot be read: %s".formatted(pidFile, e), e);
        }
    }

    private String outputSoFar() throws ProviderException {
        try {
            return Files.readString(output, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new ProviderException("%s cannot be read: %s".formatted(output, e), e);
        }
    }

    private void watch(Workers workers, String how) {
        if (workers.master() == watched) {
            return;
        }
        long pid = workers.master();
        watched = pid;
        log.info("HAProxy {}: process {}", how, pid);
        ended = ProcessHandle.of(pid)
                .map(ProcessHandle::onExit)
                .map(exit -> exit.thenRun(() -> {
                    if (!closed) {
                        log.warn("HAProxy ended: process {}", pid);
                        disturbed.run();
                    }
                }));
    }

    /** Ends HAProxy if it is tied; lets it go on otherwise. */
    @Override
    public void close() {
        closed = true;
        ended.ifPresent(watch -> watch.cancel(false));
        Process tiedChild = tied ? child : null;
        if (tiedChild == null) {
            return;
        }
        try {
            tiedChild.getOutputStream().close();
            if (!tiedChild.waitFor(END.toMillis(), TimeUnit.MILLISECONDS)) {
                log.warn("HAProxy has not ended within {} s", END.toSeconds());
            }
        } catch (IOException alreadyGone) {
            log.debug("HAProxy had ended before", alreadyGone);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
