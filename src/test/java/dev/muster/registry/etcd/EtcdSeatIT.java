package dev.muster.registry.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.config.EtcdConfig;
import dev.muster.reconcile.Time;
import dev.muster.registry.RegistryException;
import dev.muster.registry.Seat;
import dev.muster.registry.SeatContract;
import dev.muster.testkit.EtcdProcess;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EtcdSeatIT extends SeatContract {

    private static final Duration TTL = Duration.ofSeconds(4);
    private static EtcdProcess etcd;

    private final AtomicInteger disturbed = new AtomicInteger();
    private final AtomicInteger replaced = new AtomicInteger();
    private EtcdConnection connection;
    private EtcdConnection another;
    private EtcdSeat seat;
    private EtcdSeat other;

    @BeforeAll
    static void start() {
        etcd = EtcdProcess.start();
    }

    @AfterAll
    static void stop() {
        etcd.close();
    }

    @BeforeEach
    void connect() {
        EtcdConfig config = new EtcdConfig(List.of(etcd.endpoint()), "/services", Duration.ofSeconds(2));
        connection = new EtcdConnection(config);
        another = new EtcdConnection(config);
        seat = new EtcdSeat(connection, "dns", "lb1", TTL, Time.system());
        other = new EtcdSeat(another, "dns", "lb2", TTL, Time.system());
        seat.listen(new Seat.Listener() {
            @Override
            public void disturbed() {
                disturbed.incrementAndGet();
            }

            @Override
            public void replaced() {
                replaced.incrementAndGet();
            }
        });
    }

    @AfterEach
    void close() {
        seat.close();
        other.close();
        connection.close();
        another.close();
        etcd.ctl("del", EtcdKeys.leader("dns"));
    }

    @Override
    protected Seat seat() {
        return seat;
    }

    @Override
    protected Seat other() {
        return other;
    }

    @Override
    protected void scribble() {
        etcd.put(EtcdKeys.leader("dns"), "mine!");
    }

    @Test
    void whoFollowsIsToldOfItsOwnSeatAlone() throws RegistryException {
        seat.follow(seat.look().revision());
        etcd.put(EtcdKeys.leader("dns-blue"), "another group's");
        assertThat(disturbed).hasValue(0);
        scribble();
        await().until(() -> disturbed.get() > 0);
    }

    @Test
    void anEtcdThatWasStartedAgainIsToldAndFollowedAgain() throws RegistryException {
        seat.follow(seat.look().revision());
        etcd.kill();
        etcd.startAgain();
        await().until(() -> disturbed.get() > 0);
        await().ignoreExceptions().until(() -> seat.look().revision() > 0);
        seat.follow(seat.look().revision());
        int before = disturbed.get();
        scribble();
        await().until(() -> disturbed.get() > before);
        assertThat(replaced).hasValue(0);
    }

    @Test
    void anEtcdThatWasWipedIsToldAndItsLeaseIsOver() throws RegistryException {
        Seat.Lease lease = seat.grant();
        seat.take(seat.look(), 5_000_000_000_000L, lease);
        etcd.wipe();
        await().ignoreExceptions().until(() -> seat.look().version() == 0);
        assertThat(replaced.get()).isPositive();
        await().until(() -> lease.left().isZero());
    }
}
