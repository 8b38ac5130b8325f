package dev.muster.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class CheckupTest {

    private final List<String> told = new ArrayList<>();
    private final Checkup.Listener listener = new Checkup.Listener() {
        @Override
        public void waiting(Set<Area> areas) {
            told.add("waiting for " + areas.stream().sorted().map(Area::text).toList());
        }

        @Override
        public void ended(Area area, List<Finding> findings) {
            told.add(area.text() + " " + findings.stream().map(Seen::line).toList());
        }
    };

    private interface Body {
        void run(Report report) throws InterruptedException;
    }

    private static Check check(Area area, String name, Body body) {
        return new Check() {
            @Override
            public Area area() {
                return area;
            }

            @Override
            public String name() {
                return name;
            }

            @Override
            public void run(Report report) throws InterruptedException {
                body.run(report);
            }
        };
    }

    @Test
    void anAreaIsToldWhenItsLastCheckHasEndedInTheOrderOfItsChecks() throws Exception {
        CountDownLatch dockerIsTold = new CountDownLatch(1);
        CountDownLatch secondIsDone = new CountDownLatch(1);
        Check slow = check(Area.ETCD, "first", report -> {
            secondIsDone.await();
            dockerIsTold.await();
            report.ok("first", "slow");
        });
        Check fast = check(Area.ETCD, "second", report -> {
            report.ok("second", "fast");
            secondIsDone.countDown();
        });
        Check docker = check(Area.DOCKER, "engine", report -> report.ok("engine", "there"));

        List<Finding> all = new Checkup(List.of(slow, fast, docker), Duration.ofSeconds(30))
                .run(new Checkup.Listener() {
                    @Override
                    public void waiting(Set<Area> areas) {
                        listener.waiting(areas);
                    }

                    @Override
                    public void ended(Area area, List<Finding> findings) {
                        listener.ended(area, findings);
                        dockerIsTold.countDown();
                    }
                });

        assertThat(told.stream().filter(line -> !line.startsWith("waiting")))
                .containsExactly("docker [OK engine: there]", "etcd [OK first: slow, OK second: fast]");
        assertThat(told).startsWith("waiting for [etcd, docker]").endsWith("waiting for []");
        assertThat(all.stream().map(Seen::line))
                .containsExactly("OK first: slow", "OK second: fast", "OK engine: there");
    }

    @Test
    void aCheckThatHangsIsGivenUpWithWhatItHasSaidAndTheOthersAreTold() throws Exception {
        AtomicBoolean interrupted = new AtomicBoolean();
        CountDownLatch over = new CountDownLatch(1);
        Check hanging = check(Area.ETCD, "endpoint", report -> {
            report.ok("endpoint", "half of it");
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.set(true);
                report.ok("endpoint", "too late");
                over.countDown();
                throw e;
            }
        });
        Check docker = check(Area.DOCKER, "engine", report -> report.ok("engine", "there"));

        List<Finding> all = new Checkup(List.of(hanging, docker), Duration.ofMillis(300)).run(listener);
        over.await();

        assertThat(all.stream().map(Seen::line)).hasSize(3).contains("OK endpoint: half of it", "OK engine: there");
        assertThat(all.get(1).level()).isEqualTo(Level.FAIL);
        assertThat(all.get(1).seen()).startsWith("not done after");
        assertThat(told).filteredOn(line -> line.startsWith("docker")).hasSize(1);
        assertThat(interrupted).isTrue();
    }

    @Test
    void aCheckThatBreaksIsADefectAndNotTheEndOfTheOthers() throws Exception {
        Check broken = check(Area.HOST, "disk", report -> {
            throw new IllegalStateException("oops");
        });
        Check docker = check(Area.DOCKER, "engine", report -> report.ok("engine", "there"));

        assertThat(new Checkup(List.of(broken, docker), Duration.ofSeconds(30))
                        .run(listener).stream().map(Seen::line))
                .containsExactly(
                        "OK engine: there",
                        "FAIL disk: this check failed itself: java.lang.IllegalStateException: oops"
                                + " -> report it: this is a defect of Muster");
    }

    @Test
    void whereThereIsNothingToLookAtNothingIsFound() throws Exception {
        assertThat(new Checkup(List.of(), Duration.ofSeconds(30)).run(listener)).isEmpty();
        assertThat(told).containsExactly("waiting for []");
    }
}
