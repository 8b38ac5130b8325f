package dev.muster.source.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.muster.model.Run;
import dev.muster.source.Container;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class InspectionsTest {

    private final Map<String, AtomicInteger> asked = new ConcurrentHashMap<>();
    private final Set<String> broken = ConcurrentHashMap.newKeySet();
    private final CountDownLatch slow = new CountDownLatch(1);
    private final List<String> told = new CopyOnWriteArrayList<>();
    private final Inspections inspections = new Inspections(this::inspect);

    @AfterEach
    void close() {
        slow.countDown();
        inspections.close();
    }

    /** Each inspection finds another run, {@code 1} the first; the first of {@code slow} and all of {@code stuck...} wait. */
    private Optional<Container> inspect(String id) throws IOException {
        int nth = asked.computeIfAbsent(id, first -> new AtomicInteger()).incrementAndGet();
        if (id.startsWith("stuck") || (id.equals("slow") && nth == 1)) {
            try {
                slow.await();
            } catch (InterruptedException e) {
                throw new IOException("interrupted", e);
            }
        }
        if (broken.contains(id)) {
            throw new IOException("on fire");
        }
        if (id.equals("late")) {
            throw new SocketTimeoutException("no answer in time");
        }
        return Optional.of(new Container(
                new Run(id, String.valueOf(nth)),
                id,
                "image",
                "",
                Container.State.RUNNING,
                Map.of(),
                Map.of(),
                List.of(),
                List.of(),
                Map.of(),
                Map.of(),
                false));
    }

    private int asked(String id) {
        return asked.getOrDefault(id, new AtomicInteger()).get();
    }

    private void begin(String id) {
        inspections.begin(id, () -> told.add(id));
    }

    private void ended(String id, int times) {
        begin(id);
        await().until(() -> Collections.frequency(told, id) == times);
    }

    private String foundRunOf(String id) throws IOException {
        return inspections
                .all(List.of(id))
                .firstEntry()
                .getValue()
                .orElseThrow()
                .run()
                .startedAt();
    }

    @Test
    void whatBeganWithItsEventIsHandedOutOnce() throws Exception {
        ended("a", 1);
        assertThat(foundRunOf("a")).isEqualTo("1");
        assertThat(asked("a")).as("no second inspection").isEqualTo(1);
        assertThat(foundRunOf("a")).as("of a later look").isEqualTo("2");
    }

    @Test
    void whatBeganBeforeTheNewestEventIsNotHandedOut() throws Exception {
        ended("a", 1);
        ended("a", 2);
        assertThat(foundRunOf("a")).isEqualTo("2");
    }

    @Test
    void whoReadsEverythingIsGivenNothingOlder() throws Exception {
        ended("a", 1);
        inspections.forget();
        assertThat(foundRunOf("a")).isEqualTo("2");
    }

    @Test
    void aFailureAheadIsAFailureOfTheLookAndNotOfTheNextOne() throws Exception {
        broken.add("a");
        ended("a", 1);
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> foundRunOf("a"))
                .withMessage("on fire");
        broken.clear();
        assertThat(foundRunOf("a")).isEqualTo("2");
    }

    @Test
    void aSlowOneKeepsNobodyElseWaitingAndIsToldWhenItHasEnded() throws Exception {
        begin("slow");
        ended("a", 1);
        assertThat(foundRunOf("a")).isEqualTo("1");
        assertThat(told).containsExactly("a");
        slow.countDown();
        await().until(() -> told.contains("slow"));
        assertThat(foundRunOf("slow")).isEqualTo("1");
    }

    @Test
    void oneThatFailsIsSetApartFromTheOthers() throws Exception {
        broken.add("b");
        Inspections.Answers answers = inspections.each(List.of("a", "b", "c"));
        assertThat(answers.found()).containsOnlyKeys("a", "c");
        assertThat(answers.failed().get("b")).hasMessage("on fire");
        assertThat(answers.failed()).hasSize(1);
    }

    @Test
    void onceOneHasTimedOutNothingElseIsWaitedFor() throws Exception {
        Inspections.Answers answers = inspections.each(List.of("a", "late", "stuck1"));
        assertThat(answers.found()).containsOnlyKeys("a");
        assertThat(answers.failed()).containsOnlyKeys("late", "stuck1");
    }

    @Test
    void whatHasANewerOneIsNotTold() throws Exception {
        begin("slow");
        await().until(() -> asked("slow") == 1);
        ended("slow", 1);
        slow.countDown();
        ended("slow", 2);
        assertThat(asked("slow")).isEqualTo(3);
        assertThat(foundRunOf("slow")).isEqualTo("3");
    }

    @Test
    void allAreFoundInTheirOrder() throws Exception {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            ids.add("c" + (40 - i));
        }
        assertThat(inspections.all(ids).sequencedKeySet()).containsExactlyElementsOf(ids);
    }

    @Test
    void whoWaitsWhenItIsClosedIsToldSo() {
        List<String> queued = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            begin("stuck" + i); // as many as are asked for at once
            queued.add("c" + i);
        }
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread waiting = Thread.ofVirtual().start(() -> failure.set(catchThrowable(() -> inspections.all(queued))));
        await().until(() -> waiting.getState() == Thread.State.WAITING);
        inspections.close();
        await().until(() -> failure.get() != null);
        assertThat(failure.get()).isInstanceOf(IOException.class).hasMessage("closed");
    }

    @Test
    void nothingIsReadAfterClosing() {
        inspections.close();
        begin("a");
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> foundRunOf("a"))
                .withMessageContaining("closed");
        assertThat(asked("a")).isZero();
    }
}
