package dev.muster.wiring;

import dev.muster.cli.ExitCode;
import dev.muster.cli.Rehearsal;
import dev.muster.cli.Stop;
import dev.muster.config.HttpConfig;
import dev.muster.http.Health;
import dev.muster.http.HttpEndpoint;
import dev.muster.reconcile.Signal;
import dev.muster.reconcile.Time;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Drives a watcher until everything is in step, or nothing more can be done for it, and no longer. */
final class SingleRun implements Health {

    private static final Logger log = LoggerFactory.getLogger(SingleRun.class);
    private static final Signal.Look EVERYTHING = new Signal.Look(true, Set.of());

    private final WatcherRole role;
    private final Stop stop;
    private final Duration within;
    private final Time time;

    /** @param within how long it may take */
    SingleRun(WatcherRole role, Stop stop, Duration within, Time time) {
        this.role = role;
        this.stop = stop;
        this.within = within;
        this.time = time;
    }

    /** @return the exit code */
    int run(HttpConfig http) throws Exception {
        Optional<HttpEndpoint> pages = http.address().map(at -> HttpEndpoint.open(at, role.metrics(), this));
        try {
            Rehearsal found = look();
            if (found.unfinished().isPresent()) {
                log.error("not in step: {}", found.unfinished().get());
                return stop.requested() ? ExitCode.FAILED : ExitCode.WAITED;
            }
            log.info("{}", found.ending());
            return found.exitCode();
        } finally {
            pages.ifPresent(HttpEndpoint::close);
        }
    }

    @Override
    public Optional<String> notLive() {
        return Optional.empty();
    }

    @Override
    public Optional<String> notReady() {
        return role.notReady();
    }

    /** What the targets are like in the end, and what is still to be done where the time did not suffice. */
    Rehearsal look() throws Exception {
        long began = time.nanos();
        stop.onRequest(role.signal()::wake);
        role.begin();
        Optional<String> unfinished;
        while (true) {
            Duration next = role.run(EVERYTHING);
            unfinished = role.unfinished();
            Duration left = within.minus(time.elapsed(began));
            if (unfinished.isEmpty() || !left.isPositive() || stop.requested()) {
                break;
            }
            role.signal().await(next.compareTo(left) < 0 ? next : left);
        }
        role.ending();
        return new Rehearsal(role.foreseen(), unfinished);
    }
}
