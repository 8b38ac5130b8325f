package dev.muster.registry.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.muster.config.EtcdConfig;
import dev.muster.reconcile.Time;
import dev.muster.registry.Progress;
import dev.muster.registry.ProgressContract;
import dev.muster.registry.RegistryException;
import dev.muster.registry.Seat;
import dev.muster.registry.Term;
import dev.muster.testkit.EtcdProcess;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EtcdProgressIT extends ProgressContract {

    private static final Progress.Watcher LB1 = new Progress.Watcher("lb1", "lb1", "0.1", List.of(), Map.of());

    private EtcdProcess etcd;
    private EtcdConnection connection;
    private EtcdProgress progress;

    @BeforeEach
    void start() {
        etcd = EtcdProcess.start();
        connection = new EtcdConnection(new EtcdConfig(List.of(etcd.endpoint()), "/services", Duration.ofSeconds(2)));
        progress = new EtcdProgress(connection, Duration.ofSeconds(3), Time.system());
    }

    @AfterEach
    void stop() {
        progress.close();
        connection.close();
        etcd.close();
    }

    @Override
    protected Progress progress() {
        return progress;
    }

    @Test
    void onlyWhatSaysSomethingNewIsWritten() throws RegistryException {
        progress.write(record("web", 7, NOON));
        long revision = etcd.revision();
        progress.write(record("web", 7, NOON));
        assertThat(etcd.revision()).isEqualTo(revision);
        progress.write(record("web", 8, NOON));
        assertThat(etcd.revision()).isEqualTo(revision + 1);
        EtcdProgress another = new EtcdProgress(connection, Duration.ofSeconds(3), Time.system());
        assertThat(another.records()).hasSize(1);
        another.write(record("web", 8, NOON));
        assertThat(etcd.revision()).isEqualTo(revision + 1);
        etcd.ctl("del", "/muster/applied/web/haproxy/lb1");
        assertThat(progress.records()).isEmpty();
        progress.write(record("web", 8, NOON));
        assertThat(progress.records()).hasSize(1);
    }

    @Test
    void aGroupsRecordIsWrittenAndDeletedByItsLeaderAlone() throws RegistryException {
        assertThat(progress.leaders()).isEmpty();
        EtcdSeat seat = new EtcdSeat(connection, "lb1", "host1", Duration.ofSeconds(3), Time.system());
        Seat.Lease lease = seat.grant();
        Optional<Term> first =
                Optional.of(new Term("lb1", 1, seat.take(seat.look(), 1, lease).orElseThrow()));
        progress.write(List.of(record("web", 7, NOON), record("db", 7, NOON)), first);
        assertThat(progress.leaders()).containsExactly(new Progress.Leader("lb1", "host1", 1));
        Optional<Term> second =
                Optional.of(new Term("lb1", 2, seat.take(seat.look(), 2, lease).orElseThrow()));
        assertThatThrownBy(() -> progress.write(List.of(record("web", 8, NOON), record("db", 8, NOON)), first))
                .hasMessage("write /muster/applied/db/haproxy/lb1 and 1 others: "
                        + "this watcher no longer leads the group 'lb1'");
        assertThatThrownBy(() -> progress.delete("web", "haproxy", "lb1", first))
                .hasMessageContaining("no longer leads");
        assertThat(progress.records()).containsExactlyInAnyOrder(record("web", 7, NOON), record("db", 7, NOON));
        progress.delete("web", "haproxy", "lb1", second);
        assertThat(progress.records()).containsExactly(record("db", 7, NOON));
        lease.close();
        seat.close();
    }

    @Test
    void aMalformedRecordIsLeftOutAndAnUnreadOneIsAnError() throws RegistryException {
        progress.write(record("web", 7, NOON));
        etcd.put("/muster/applied/web/haproxy/lb2", "{\"revision\":\"x\"}");
        etcd.put("/muster/applied/web/haproxy/a/b", "{}");
        etcd.put("/muster/applied/web/haproxy/lb3", "junk");
        etcd.put("/muster/watchers/lb9", "[]");
        assertThat(progress.records()).containsExactly(record("web", 7, NOON));
        assertThat(progress.watchers()).isEmpty();
        etcd.kill();
        assertThatThrownBy(() -> progress.records()).isInstanceOf(RegistryException.class);
        assertThatThrownBy(() -> progress.write(record("web", 8, NOON))).isInstanceOf(RegistryException.class);
        etcd.startAgain();
        await().ignoreExceptions().until(() -> progress.records().size() == 1);
        progress.write(record("web", 8, NOON));
        assertThat(progress.records()).containsExactly(record("web", 8, NOON));
    }

    @Test
    void theWatchersRecordLivesAsLongAsItDoes() throws RegistryException {
        progress.announce(LB1);
        await().during(Duration.ofSeconds(5))
                .atMost(Duration.ofSeconds(10))
                .until(() -> etcd.ctl("get", EtcdKeys.watcher("lb1")).contains("0.1"));
        progress.close();
        await().atMost(Duration.ofSeconds(10))
                .until(() -> etcd.ctl("get", EtcdKeys.watcher("lb1")).isEmpty());
    }

    /** A twin takes the key, and takes it with it when it ends. */
    @Test
    void theWatchersRecordIsPutBackWhereAPersonOrATwinHasTakenItAway() throws RegistryException {
        progress.announce(LB1);
        long revision = etcd.revision();
        progress.announce(LB1);
        assertThat(etcd.revision())
                .as("nothing is written where nothing is wrong")
                .isEqualTo(revision);
        etcd.ctl("del", EtcdKeys.watcher("lb1"));
        progress.announce(LB1);
        assertThat(progress.watchers()).containsExactly(LB1);
        try (EtcdProgress twin = new EtcdProgress(connection, Duration.ofSeconds(3), Time.system())) {
            String mine = lease();
            twin.announce(LB1);
            assertThat(lease()).isNotEqualTo(mine);
            progress.announce(LB1);
            assertThat(lease()).isEqualTo(mine);
        }
    }

    private String lease() {
        String found = etcd.ctl("get", EtcdKeys.watcher("lb1"), "-w", "json");
        return found.replaceAll(".*\"lease\":([0-9]+).*", "$1").strip();
    }

    @Test
    void theWatchersRecordComesBackAfterItsLeaseWasLost() throws RegistryException {
        progress.announce(LB1);
        progress.write(record("web", 7, NOON));
        etcd.wipe();
        await().atMost(Duration.ofSeconds(15))
                .until(() -> etcd.ctl("get", EtcdKeys.watcher("lb1")).contains("0.1"));
        assertThat(etcd.ctl("get", "--prefix", "/muster/applied/")).isEmpty();
        progress.write(record("web", 7, NOON));
        assertThat(progress.records()).hasSize(1);
    }
}
