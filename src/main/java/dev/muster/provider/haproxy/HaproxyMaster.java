package dev.muster.provider.haproxy;

import dev.muster.provider.ProviderException;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * The master process's socket: it survives reloads, knows every worker, and passes commands on to exactly the one that is
 * meant, which the runtime socket in the file cannot promise while an old and a new worker share it.
 */
final class HaproxyMaster {

    /** {@code show servers state} of 30,000 servers takes 0.3 s. */
    static final Duration ANSWER = Duration.ofSeconds(5);

    private static final Duration RELOAD = Duration.ofSeconds(20);

    private final HaproxySocket socket;

    HaproxyMaster(Path path) {
        this.socket = new HaproxySocket(path);
    }

    /** @return empty where nobody listens; a master that listens and does not answer is an error */
    Optional<Workers> find() throws ProviderException {
        String answer;
        try {
            answer = socket.ask("show proc", ANSWER);
        } catch (IOException e) {
            if (e instanceof ConnectException || !Files.exists(socket.path())) {
                return Optional.empty();
            }
            throw new ProviderException("HAProxy's master socket %s: %s".formatted(socket.path(), e.getMessage()), e);
        }
        return Optional.of(Workers.parse(answer));
    }

    /** The runtime API of one worker. */
    HaproxyRuntime runtime(long worker) {
        return new HaproxyRuntime(socket, worker);
    }

    /**
     * Has the master read its files again and waits until a new worker serves.
     *
     * @param before as found just now
     * @throws ProviderException when the master kept the old worker, with HAProxy's own words where it says them
     */
    Workers reload(Workers before) throws ProviderException {
        String said;
        try {
            // From 2.7 on the answer comes when the new worker is there, and says why where there is none.
            said = socket.ask("reload", RELOAD);
        } catch (IOException lostWhileItStartsAnew) {
            said = "";
        }
        long deadline = System.nanoTime() + RELOAD.toNanos();
        while (true) {
            Optional<Workers> now = findWhileItStartsAnew();
            if (now.isPresent() && now.get().current() != before.current()) {
                return now.get();
            }
            boolean failed = now.isPresent() && now.get().failures() > before.failures();
            if (failed || System.nanoTime() > deadline) {
                throw new ProviderException("HAProxy kept its old worker (%s): %s"
                        .formatted(
                                failed ? "the reload failed" : "no new one within " + RELOAD.toSeconds() + " s",
                                said.isBlank() ? "its own log says why" : Answers.alerts(said)));
            }
            Pause.shortly();
        }
    }

    private Optional<Workers> findWhileItStartsAnew() {
        try {
            return find();
        } catch (ProviderException notYet) {
            return Optional.empty();
        }
    }
}
