package dev.muster.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReconcileLoopTest {

    private static final Duration LONG = Duration.ofMinutes(5);
    private static final Duration SOON = Duration.ofMillis(1);

    private final Signal signal = new Signal();
    private final FakeTime time = new FakeTime();
    private final BlockingQueue<Signal.Look> looks = new LinkedBlockingQueue<>();
    private @Nullable ReconcileLoop loop;

    @AfterEach
    void stop() throws InterruptedException {
        if (loop != null) {
            loop.stop(Duration.ofSeconds(5));
        }
    }

    private ReconcileLoop start(Duration firstDelay, ReconcileLoop.Pass pass) {
        ReconcileLoop started = new ReconcileLoop(
                "test", signal, pass, new Backoff(firstDelay, Duration.ofMillis(200), new Random(1)), time);
        loop = started;
        started.start();
        return started;
    }

    private Signal.Look next() throws InterruptedException {
        Signal.Look look = looks.poll(10, TimeUnit.SECONDS);
        assertThat(look).as("a pass within 10 s").isNotNull();
        return Objects.requireNonNull(look);
    }

    private void noPassWhileNothingIsRaised() throws InterruptedException {
        assertThat(looks.poll(50, TimeUnit.MILLISECONDS)).isNull();
    }

    @Test
    void begins_with_everything_then_looks_only_at_what_is_raised() throws Exception {
        start(SOON, look -> {
            looks.add(look);
            return LONG;
        });
        assertThat(next().everything()).isTrue();
        noPassWhileNothingIsRaised();

        signal.raise("a");
        Signal.Look look = next();
        assertThat(look.everything()).isFalse();
        assertThat(look.subjects()).containsExactly("a");
        noPassWhileNothingIsRaised();
    }

    @Test
    void looks_again_after_the_time_that_the_pass_asked_for() throws Exception {
        AtomicInteger passes = new AtomicInteger();
        start(SOON, look -> {
            looks.add(look);
            return passes.incrementAndGet() < 3 ? SOON : LONG;
        });
        assertThat(next().everything()).isTrue();
        assertThat(next().nothing()).isTrue();
        assertThat(next().nothing()).isTrue();
        noPassWhileNothingIsRaised();
    }

    @Test
    void a_failure_is_followed_by_a_look_at_everything() throws Exception {
        boolean[] failed = {false};
        ReconcileLoop running = start(SOON, look -> {
            looks.add(look);
            if (look.subjects().contains("bad") && !failed[0]) {
                failed[0] = true;
                throw new IOException("the source did not answer");
            }
            return LONG;
        });
        next();
        signal.raise("bad");
        assertThat(next().subjects()).containsExactly("bad");
        assertThat(next().everything()).isTrue();
        noPassWhileNothingIsRaised();
        assertThat(running.status().failures()).isZero();
        assertThat(running.status().passes()).isEqualTo(2);
    }

    @Test
    void what_is_raised_during_a_back_off_does_not_shorten_it() throws Exception {
        ReconcileLoop running = start(Duration.ofMillis(200), look -> {
            looks.add(look);
            throw new IOException("down");
        });
        next();
        for (int i = 0; i < 1000; i++) {
            signal.raise("event" + i);
        }
        assertThat(looks.poll(60, TimeUnit.MILLISECONDS)).isNull();
        assertThat(next().everything()).isTrue();
        assertThat(running.status().failures()).isPositive();
        assertThat(running.status().failure()).contains("down");
    }

    @Test
    void survives_a_defect_in_its_pass() throws Exception {
        AtomicInteger passes = new AtomicInteger();
        ReconcileLoop running = start(SOON, look -> {
            looks.add(look);
            if (passes.incrementAndGet() == 1) {
                throw new IllegalStateException("a defect");
            }
            return LONG;
        });
        assertThat(next().everything()).isTrue();
        assertThat(next().everything()).isTrue();
        noPassWhileNothingIsRaised();
        assertThat(running.status().passes()).isEqualTo(1);
    }

    @Test
    void a_wall_clock_that_leapt_while_it_waited_leads_to_a_look_at_everything() throws Exception {
        start(SOON, look -> {
            looks.add(look);
            return LONG;
        });
        next();
        time.jumpWallClock(Duration.ofSeconds(30)); // far less than the time that the pass asked for
        assertThat(next().everything()).isTrue();

        signal.wake();
        assertThat(next().everything()).isFalse();
    }

    @Test
    void a_standstill_in_the_middle_of_a_pass_leads_to_a_look_at_everything() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        start(SOON, look -> {
            looks.add(look);
            if (look.subjects().contains("a")) {
                inside.countDown();
                goOn.await();
            }
            return LONG;
        });
        next();
        signal.raise("a");
        next();
        assertThat(inside.await(10, TimeUnit.SECONDS)).isTrue();
        time.advance(Duration.ofSeconds(30));
        goOn.countDown();
        assertThat(next().everything()).isTrue();

        signal.wake();
        assertThat(next().everything()).isFalse();
    }

    @Test
    void stops_in_bounded_time_even_in_the_middle_of_a_pass() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        ReconcileLoop running = start(SOON, look -> {
            inside.countDown();
            never.await();
            return LONG;
        });
        assertThat(inside.await(10, TimeUnit.SECONDS)).isTrue();
        time.advance(Duration.ofSeconds(3));
        assertThat(running.status().busy()).isEqualTo(Duration.ofSeconds(3));
        assertThat(running.stop(Duration.ofMillis(50))).isTrue();
    }

    @Test
    void stops_while_it_waits_or_before_it_began() throws Exception {
        ReconcileLoop running = start(SOON, look -> {
            looks.add(look);
            return LONG;
        });
        next();
        assertThat(running.stop(Duration.ofSeconds(5))).isTrue();

        ReconcileLoop unstarted =
                new ReconcileLoop("test", signal, look -> LONG, new Backoff(SOON, SOON, new Random(1)), time);
        assertThat(unstarted.stop(Duration.ofSeconds(5))).isTrue();
    }
}
