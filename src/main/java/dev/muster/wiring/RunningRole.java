package dev.muster.wiring;

import dev.muster.cli.ExitCode;
import dev.muster.cli.Stop;
import dev.muster.config.HttpConfig;
import dev.muster.http.Health;
import dev.muster.http.HttpEndpoint;
import dev.muster.reconcile.Backoff;
import dev.muster.reconcile.ReconcileLoop;
import dev.muster.reconcile.Signal;
import dev.muster.reconcile.Time;
import dev.muster.registry.OwnerTakenException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Drives a role from its start to its end: the loop, the pages about it, and what ends it for good. */
final class RunningRole implements Health {

    private static final Logger log = LoggerFactory.getLogger(RunningRole.class);
    private static final Duration FIRST_RETRY = Duration.ofMillis(200);
    private static final Duration STUCK = Duration.ofSeconds(60);
    private static final Duration TO_STOP = Duration.ofSeconds(5);

    private final Role role;
    private final Stop stop;
    private final ReconcileLoop loop;
    private volatile Optional<String> fatal = Optional.empty();
    private volatile boolean worked;
    private final LongAdder failures = new LongAdder();

    RunningRole(Role role, Stop stop) {
        this.role = role;
        this.stop = stop;
        this.loop = new ReconcileLoop(
                role.name(),
                role.signal(),
                this::pass,
                new Backoff(FIRST_RETRY, role.longestRetry(), RandomGenerator.getDefault()),
                Time.system());
    }

    /** Until a stop is requested or nothing more can be done. @return the exit code */
    int run(HttpConfig http) throws Exception {
        role.metrics().counter("retries", "Passes that failed and were made again", failures::sum);
        Optional<HttpEndpoint> pages = http.address().map(at -> HttpEndpoint.open(at, role.metrics(), this));
        try {
            role.begin();
            loop.start();
            stop.await();
            role.ending();
            boolean ended = loop.stop(TO_STOP);
            if (fatal.isPresent()) {
                log.error("{}", fatal.get());
                return ExitCode.FAILED;
            }
            if (!ended) {
                log.error("the pass under way does not end, so nothing is withdrawn; the lease will end it");
                return ExitCode.FAILED;
            }
            role.leave();
            return ExitCode.DONE;
        } finally {
            pages.ifPresent(HttpEndpoint::close);
        }
    }

    @Override
    public Optional<String> notLive() {
        Duration busy = loop.status().busy();
        return busy.compareTo(STUCK) > 0
                ? Optional.of("a pass has been under way for " + busy.toSeconds() + " s")
                : Optional.empty();
    }

    @Override
    public Optional<String> notReady() {
        return loop.status().failure().or(role::notReady);
    }

    private Duration pass(Signal.Look look) throws Exception {
        try {
            Duration next = role.run(look);
            worked = true;
            return next;
        } catch (Exception e) {
            failures.increment();
            if (e instanceof OwnerTakenException || (role.failFast() && !worked)) {
                end(e);
            }
            throw e;
        }
    }

    private void end(Exception why) {
        fatal = Optional.of(String.valueOf(why.getMessage()));
        stop.request();
    }
}
