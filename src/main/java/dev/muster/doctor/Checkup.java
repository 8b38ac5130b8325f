package dev.muster.doctor;

import dev.muster.config.Durations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs checks side by side, each on a thread of its own, which is left behind when its time is over. What an area has to say
 * comes as soon as its last check has ended.
 */
public final class Checkup {

    /** Also so that whatever logs is set up before threads do so side by side. */
    private static final Logger log = LoggerFactory.getLogger(Checkup.class);

    /** Who is told how it goes, on the thread that runs the checkup. */
    public interface Listener {
        /** These areas are still being looked at; called at first and after each {@link #ended}. */
        void waiting(Set<Area> areas);

        /** An area is done: its findings, in the order of its checks. */
        void ended(Area area, List<Finding> findings);
    }

    private record Running(Check check, Report report, Thread thread) {}

    private final List<Check> checks;
    private final Duration bound;

    /** @param bound on every check; it must suffice for the bounds that the checks have themselves */
    public Checkup(List<Check> checks, Duration bound) {
        this.checks = List.copyOf(checks);
        this.bound = bound;
    }

    /** @return all findings, by area */
    public List<Finding> run(Listener listener) throws InterruptedException {
        long deadline = System.nanoTime() + bound.toNanos();
        BlockingQueue<Report> ended = new LinkedBlockingQueue<>();
        List<Running> running = new ArrayList<>();
        for (Check check : checks) {
            running.add(start(check, ended));
        }
        Set<Area> waiting = EnumSet.noneOf(Area.class);
        running.forEach(each -> waiting.add(each.check.area()));
        List<Running> open = new ArrayList<>(running);
        while (!open.isEmpty()) {
            listener.waiting(Set.copyOf(waiting));
            Report next = ended.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (next == null) {
                open.forEach(this::giveUp);
                open.clear();
            } else {
                open.removeIf(each -> each.report.equals(next));
            }
            for (Area area : List.copyOf(waiting)) {
                if (open.stream().noneMatch(each -> each.check.area() == area)) {
                    waiting.remove(area);
                    listener.ended(area, of(area, running));
                }
            }
        }
        listener.waiting(Set.of());
        List<Finding> all = new ArrayList<>();
        for (Area area : Area.values()) {
            all.addAll(of(area, running));
        }
        return List.copyOf(all);
    }

    /** Not on a virtual thread: one that hangs in a system call would hold up the others. */
    private static Running start(Check check, BlockingQueue<Report> ended) {
        Report report = new Report(check.area());
        Thread thread = Thread.ofPlatform()
                .daemon()
                .name("check-" + check.name())
                .start(() -> {
                    try {
                        run(check, report);
                    } finally {
                        ended.add(report);
                    }
                });
        return new Running(check, report, thread);
    }

    private static void run(Check check, Report report) {
        try {
            check.run(report);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            log.debug("the check failed", e);
            report.fail(check.name(), "this check failed itself: " + e, "report it: this is a defect of Muster");
        }
    }

    private void giveUp(Running running) {
        running.report.fail(
                running.check.name(),
                "not done after %s, given up".formatted(Durations.format(bound)),
                "see why it takes so long; the other checks do not depend on it");
        running.report.end();
        running.thread.interrupt();
    }

    private static List<Finding> of(Area area, List<Running> running) {
        List<Finding> findings = new ArrayList<>();
        for (Running each : running) {
            if (each.check.area() == area) {
                findings.addAll(each.report.end());
            }
        }
        return findings;
    }
}
