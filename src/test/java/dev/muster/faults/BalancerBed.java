package dev.muster.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.provider.haproxy.Client;
import dev.muster.provider.haproxy.HaproxyFixture;
import dev.muster.testkit.DockerCli;
import dev.muster.testkit.MusterProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;

/** A bed with two instances behind a balancer that is asked all the time while something is broken. */
final class BalancerBed implements AutoCloseable {

    static final Duration TTL = Duration.ofSeconds(3);

    /** Within it all is as it should be, once a fault is over (B). */
    static final Duration BOUND = TTL.plusSeconds(5);

    static final List<String> ALL = List.of("web01", "web02");

    final AgentBed bed;
    final HaproxyFixture haproxy;
    MusterProcess agent;
    MusterProcess watcher;

    /** What is done to it. */
    interface Fault {
        void run() throws Exception;
    }

    BalancerBed(AgentBed bed) {
        this(bed, new HaproxyFixture());
    }

    BalancerBed(AgentBed bed, HaproxyFixture haproxy) {
        this(bed, haproxy, some -> some.agent(TTL), AgentBed::watcher);
    }

    interface WatcherStart {
        MusterProcess of(AgentBed bed, HaproxyFixture haproxy);
    }

    BalancerBed(AgentBed bed, Function<AgentBed, MusterProcess> startAgent, WatcherStart startWatcher) {
        this(bed, new HaproxyFixture(), startAgent, startWatcher);
    }

    private BalancerBed(
            AgentBed bed,
            HaproxyFixture haproxy,
            Function<AgentBed, MusterProcess> startAgent,
            WatcherStart startWatcher) {
        this.bed = bed;
        this.haproxy = haproxy;
        ALL.forEach(this::container);
        agent = startAgent.apply(bed).awaitReady();
        ALL.forEach(bed::awaitPublished);
        watcher = startWatcher.of(bed, haproxy);
    }

    /** @return its id */
    String container(String instance) {
        return bed.container(instance, "--hostname=" + instance, "--label=muster.check=none");
    }

    /** One instance of another service, named after it. @return its id */
    String other(String service) {
        return bed.container(
                service, "--hostname=" + service, "--label=muster.check=none", "--label=muster.service=" + service);
    }

    /** What the balancer answers who asks for a service. */
    int status(String service) throws IOException {
        return Client.get(haproxy.port(), service, "/").status();
    }

    /**
     * A fault; from before until after it each instance is asked, is answered for, and has its share in the balancer; then
     * what begins and ends is followed.
     */
    void whileAsked(Fault fault) throws Exception {
        long began = System.nanoTime();
        Looks looks = new Looks();
        try (Traffic traffic = new Traffic(haproxy.port(), bed.service, "/")) {
            await().until(() -> traffic.outcomes(began, System.nanoTime()).containsAll(ALL));
            fault.run();
            long over = System.nanoTime();
            await().until(() -> traffic.outcomes(over, System.nanoTime()).containsAll(ALL)
                    && traffic.outcomes(began, System.nanoTime()).size() > 100);
            assertThat(traffic.outcomes(began, System.nanoTime()))
                    .allMatch(outcome -> outcome.matches("[a-z]+[0-9]*"), "the name of who answered");
            assertThat(looks.out).as("out of the balancer").isEmpty();

            String more = container("more");
            await("what begins is served")
                    .atMost(BOUND)
                    .until(() -> traffic.outcomes(over, System.nanoTime()).contains("more"));
            end(more, "more");
        } finally {
            looks.end();
        }
    }

    /** An instance that is balanced. @return its container */
    String balanced(String instance) {
        String container = container(instance);
        awaitBalanced(instance);
        return container;
    }

    /** Ends an instance, and waits until it is balanced no more. */
    void end(String container, String instance) {
        DockerCli.docker("rm", "-f", container);
        awaitNotBalanced(instance);
    }

    /** In etcd an instance has ended and {@code begun} has begun; who balances them cannot see it yet. @return the new container */
    String changeUnseen(String container, String instance) {
        DockerCli.docker("rm", "-f", container);
        String begun = container("begun");
        bed.awaitPublished("begun");
        await().until(() -> bed.value(bed.key(instance, "owner")).isEmpty());
        return begun;
    }

    /** Waits until what {@link #changeUnseen} did has come to the balancer. */
    void awaitSeen(String instance) {
        awaitBalanced("begun");
        awaitNotBalanced(instance);
    }

    /** Waits until the balancer serves by an instance. */
    void awaitBalanced(String instance) {
        await(instance + " is in the balancer").atMost(BOUND).until(() -> weight(instance) > 0);
    }

    void awaitNotBalanced(String instance) {
        await(instance + " is out of the balancer").atMost(BOUND).until(() -> weight(instance) < 0);
    }

    /** Its weight in the balancer, -1 where that does not know it. */
    long weight(String instance) throws Exception {
        return haproxy.stat(bed.service, instance, "weight").orElse(-1);
    }

    @Override
    public void close() {
        bed.close();
        try {
            haproxy.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Each look that finds an instance without its share is noted. */
    private final class Looks {
        private final Queue<String> out = new ConcurrentLinkedQueue<>();
        private final Thread thread = Thread.ofVirtual().start(this::look);
        private volatile boolean enough;

        private void look() {
            while (!enough) {
                for (String instance : ALL) {
                    try {
                        if (weight(instance) <= 0) {
                            out.add(instance);
                        }
                    } catch (Exception e) {
                        out.add(instance + " was not seen: " + e);
                    }
                }
            }
        }

        private void end() throws InterruptedException {
            enough = true;
            thread.join();
        }
    }
}
