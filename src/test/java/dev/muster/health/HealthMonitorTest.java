package dev.muster.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.config.AgentConfig.CheckConfig;
import dev.muster.model.Candidate;
import dev.muster.model.Candidates;
import dev.muster.model.CheckSpec;
import dev.muster.model.InstanceId;
import dev.muster.model.Target;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class HealthMonitorTest {

    private static final CheckConfig QUICK = new CheckConfig(Duration.ofMillis(2), Duration.ofSeconds(1), 1, 3);

    private final Candidate web = Candidates.of("web", "web01", "run1");
    private final Map<Target, Boolean> serves = new ConcurrentHashMap<>();
    private final AtomicInteger asked = new AtomicInteger();
    private final Queue<InstanceId> told = new ConcurrentLinkedQueue<>();
    private final HealthMonitor monitor = new HealthMonitor(QUICK, this::check, told::add);

    private boolean check(Target target, Duration timeout) {
        asked.incrementAndGet();
        return serves.getOrDefault(target, false);
    }

    @AfterEach
    void close() {
        monitor.close();
    }

    private void follow(Candidate... candidates) {
        TreeMap<InstanceId, Candidate> all = new TreeMap<>();
        for (Candidate each : candidates) {
            all.put(each.id(), each);
        }
        monitor.follow(all);
    }

    private void becomes(Candidate candidate, Verdict verdict) {
        await().atMost(Duration.ofSeconds(5)).until(() -> monitor.verdict(candidate) == verdict);
    }

    /** As many looks again as would have changed a verdict. */
    private void someMoreLooks() {
        int before = asked.get();
        await().atMost(Duration.ofSeconds(5)).until(() -> asked.get() > before + 10);
    }

    @Test
    void aVerdictIsToldWhenItChangesAndNotAgain() {
        assertThat(monitor.verdict(web)).isEqualTo(Verdict.UNDECIDED);
        serves.put(web.checkAt(), true);
        follow(web);
        becomes(web, Verdict.HEALTHY);
        someMoreLooks();
        assertThat(told).containsExactly(web.id());
        serves.put(web.checkAt(), false);
        becomes(web, Verdict.FAILING);
        someMoreLooks();
        assertThat(told).containsExactly(web.id(), web.id());
        serves.put(web.checkAt(), true);
        becomes(web, Verdict.HEALTHY);
        await().until(() -> told.size() == 3);
    }

    @Test
    void followingTheSameAgainKeepsItsVerdict() {
        serves.put(web.checkAt(), true);
        follow(web);
        becomes(web, Verdict.HEALTHY);
        follow(web);
        assertThat(monitor.verdict(web)).isEqualTo(Verdict.HEALTHY);
    }

    @Test
    void anotherRunOrAnotherPlaceStartsUndecided() {
        serves.put(web.checkAt(), true);
        follow(web);
        becomes(web, Verdict.HEALTHY);
        Candidate again = Candidates.of("web", "web01", "run2");
        assertThat(monitor.verdict(again)).isEqualTo(Verdict.UNDECIDED);
        serves.clear();
        follow(again);
        assertThat(monitor.verdict(again)).isEqualTo(Verdict.UNDECIDED);
        becomes(again, Verdict.FAILING);
        Candidate moved = new Candidate(again.instance(), new Target("127.0.0.9", 9), false);
        assertThat(monitor.verdict(moved)).isEqualTo(Verdict.UNDECIDED);
    }

    @Test
    void whatIsNoLongerFollowedOrIsPausedIsNotAsked() {
        follow(web);
        await().until(() -> asked.get() > 0);
        follow(new Candidate(web.instance(), web.checkAt(), true));
        await().pollInterval(Duration.ofMillis(50)).until(() -> quiet());
        follow(web);
        someMoreLooks();
        follow();
        await().pollInterval(Duration.ofMillis(50)).until(() -> quiet());
        assertThat(monitor.verdict(web)).isEqualTo(Verdict.UNDECIDED);
    }

    private int lastAsked = -1;

    private boolean quiet() {
        int before = lastAsked;
        lastAsked = asked.get();
        return before == lastAsked;
    }

    @Test
    void withoutACheckItIsHealthyWhileItRuns() {
        Candidate unchecked = Candidates.of("web", "web02", "run1", CheckSpec.NONE);
        follow(unchecked);
        assertThat(monitor.verdict(unchecked)).isEqualTo(Verdict.HEALTHY);
        assertThat(asked).hasValue(0);
    }

    @Test
    void aCheckThatHangsHoldsUpNoOther() {
        Candidate hung = Candidates.of("web", "web02", "run1");
        CountDownLatch never = new CountDownLatch(1);
        Check check = (target, timeout) -> {
            if (target.equals(hung.checkAt())) {
                never.await();
            }
            return true;
        };
        try (HealthMonitor others = new HealthMonitor(QUICK, check, told::add)) {
            TreeMap<InstanceId, Candidate> both = new TreeMap<>(Map.of(web.id(), web, hung.id(), hung));
            others.follow(both);
            await().until(() -> others.verdict(web) == Verdict.HEALTHY);
            assertThat(others.verdict(hung)).isEqualTo(Verdict.UNDECIDED);
        }
    }

    @Test
    void aCheckThatBreaksIsANoAndIsAskedAgain() {
        AtomicInteger tries = new AtomicInteger();
        Check broken = (target, timeout) -> {
            if (tries.incrementAndGet() < 10) {
                throw new IllegalStateException("broken check");
            }
            return true;
        };
        try (HealthMonitor other = new HealthMonitor(QUICK, broken, told::add)) {
            other.follow(new TreeMap<>(Map.of(web.id(), web)));
            await().until(() -> other.verdict(web) == Verdict.HEALTHY);
        }
    }

    @Test
    void closedItAsksNobody() {
        follow(web, Candidates.of("web", "web02", "run1"));
        await().until(() -> asked.get() > 1);
        monitor.close();
        await().pollInterval(Duration.ofMillis(50)).until(() -> quiet());
        assertThat(List.of(monitor.verdict(web))).containsExactly(Verdict.UNDECIDED);
    }
}
