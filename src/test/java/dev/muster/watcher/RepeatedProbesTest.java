package dev.muster.watcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.model.CheckSpec;
import dev.muster.model.Target;
import dev.muster.plan.ProbeResult;
import java.time.Duration;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RepeatedProbesTest {

    private static final Target A = World.target(1);
    private static final Target B = World.target(2);
    private static final RepeatedProbes.Pace FAST =
            new RepeatedProbes.Pace(Duration.ofSeconds(1), Duration.ofMillis(2), Duration.ofMillis(20), 2);

    private final ConcurrentHashMap<Target, Boolean> listening = new ConcurrentHashMap<>();
    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicInteger told = new AtomicInteger();
    private RepeatedProbes probes = new RepeatedProbes(this::answers, FAST, told::incrementAndGet);

    private ProbeResult answers(Target target, CheckSpec check, Duration timeout) {
        asked.incrementAndGet();
        return !listening.getOrDefault(target, false)
                ? ProbeResult.SILENT
                : check.equals(CheckSpec.TCP) ? ProbeResult.BARE_TCP : ProbeResult.CHECK_PASSES;
    }

    @AfterEach
    void close() {
        probes.close();
    }

    private static SortedMap<Target, CheckSpec> these(Target... targets) {
        SortedMap<Target, CheckSpec> map = new TreeMap<>();
        for (Target target : targets) {
            map.put(target, CheckSpec.TCP);
        }
        return map;
    }

    @Test
    void says_what_it_found_and_tells_only_when_that_is_new() {
        listening.put(A, true);
        probes.follow(these(A, B));
        await().until(() -> probes.results().get(A) == ProbeResult.BARE_TCP
                && probes.results().get(B) == ProbeResult.SILENT);
        int before = asked.get();
        await().until(() -> asked.get() > before + 6);
        assertThat(told).hasValue(2);

        listening.put(B, true);
        await().until(() -> probes.results().get(B) == ProbeResult.BARE_TCP);
        await().until(() -> told.get() == 3);
    }

    @Test
    void goes_on_with_what_it_follows_already_and_forgets_the_rest() {
        probes.follow(these(A, B));
        await().until(() -> probes.results().get(A) == ProbeResult.SILENT
                && probes.results().get(B) == ProbeResult.SILENT);
        probes.follow(these(A));
        assertThat(probes.results()).containsOnlyKeys(A).containsEntry(A, ProbeResult.SILENT);
        probes.follow(these(A, B));
        assertThat(probes.results()).containsEntry(A, ProbeResult.SILENT);
    }

    @Test
    void another_check_of_the_same_target_is_another_question() {
        listening.put(A, true);
        probes.follow(these(A));
        await().until(() -> probes.results().get(A) == ProbeResult.BARE_TCP);
        probes.follow(new TreeMap<>(Map.of(A, CheckSpec.http("/", "200"))));
        await().until(() -> probes.results().get(A) == ProbeResult.CHECK_PASSES);
    }

    @Test
    void asks_nobody_once_it_is_closed() {
        probes.follow(these(A));
        await().until(() -> asked.get() > 3);
        probes.close();
        assertThat(probes.results()).isEmpty();
        // One that was under way may still end; after it nothing comes any more.
        AtomicInteger before = new AtomicInteger(-1);
        await().pollInterval(Duration.ofMillis(100)).until(() -> before.getAndSet(asked.get()) == asked.get());
    }

    @Test
    void never_blocks_its_caller_and_never_asks_more_than_allowed_at_once() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        AtomicInteger under = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        probes = new RepeatedProbes(
                (target, check, timeout) -> {
                    most.accumulateAndGet(under.incrementAndGet(), Math::max);
                    release.await();
                    under.decrementAndGet();
                    return ProbeResult.BARE_TCP;
                },
                FAST,
                told::incrementAndGet);
        Target[] many = new Target[50];
        for (int i = 0; i < many.length; i++) {
            many[i] = World.target(i);
        }
        probes.follow(these(many));
        await().until(() -> under.get() == 2);
        assertThat(probes.results()).hasSize(50).doesNotContainValue(ProbeResult.BARE_TCP);
        release.countDown();
        await().until(() -> !probes.results().containsValue(ProbeResult.NOT_PROBED));
        assertThat(most).hasValue(2);
    }
}
