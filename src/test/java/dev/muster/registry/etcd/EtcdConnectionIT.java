package dev.muster.registry.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.muster.config.EtcdConfig;
import dev.muster.registry.RegistryException;
import dev.muster.testkit.EtcdProcess;
import dev.muster.testkit.TcpProxy;
import io.etcd.jetcd.kv.GetResponse;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EtcdConnectionIT {

    private EtcdProcess etcd;
    private TcpProxy proxy;
    private EtcdConnection connection;
    private final List<String> replaced = new CopyOnWriteArrayList<>();

    @BeforeEach
    void start() {
        etcd = EtcdProcess.start();
        proxy = new TcpProxy(etcd.port());
        connection = new EtcdConnection(new EtcdConfig(
                List.of(URI.create("http://127.0.0.1:" + proxy.port())), "/services", Duration.ofSeconds(2)));
        connection.onReplaced(replaced::add);
    }

    @AfterEach
    void stop() throws IOException {
        connection.close();
        proxy.close();
        etcd.close();
    }

    private GetResponse read() throws RegistryException {
        return connection.call("read", client -> client.getKVClient().get(EtcdKeys.bytes("/services/a")));
    }

    private boolean isRead() {
        try {
            read();
            return true;
        } catch (RegistryException e) {
            return false;
        }
    }

    @Test
    void aQuestionWhoseClientIsReplacedBeforeItIsAskedIsForItsSuccessor() throws RegistryException {
        read();
        AtomicInteger asked = new AtomicInteger();
        connection.call("put", client -> {
            if (asked.getAndIncrement() == 0) {
                client.close();
                connection.suspect(client);
                await().until(() -> !connection.client().equals(client));
            }
            return client.getKVClient().put(EtcdKeys.bytes("/services/a"), EtcdKeys.bytes("1"));
        });
        assertThat(asked).hasValue(2);
        assertThat(read().getCount()).isEqualTo(1);
    }

    @Test
    void anAbsentEtcdIsAnErrorInPlainWordsAndNotAWait() throws RegistryException {
        etcd.put("/services/a", "1");
        assertThat(read().getCount()).isEqualTo(1);
        proxy.refuse();
        long start = System.nanoTime();
        assertThatThrownBy(this::read)
                .isInstanceOf(RegistryException.class)
                .hasMessageStartingWith("read: etcd cannot be reached (");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(1));
    }

    @Test
    void afterALongAbsenceItAnswersWithinASecondOfItsReturn() {
        proxy.refuse();
        // Long enough for gRPC's own backoff to have grown past what is asserted below.
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(200))
                .during(Duration.ofSeconds(12))
                .until(() -> !isRead());
        proxy.resume();
        await().atMost(Duration.ofMillis(1500))
                .pollInterval(Duration.ofMillis(20))
                .until(this::isRead);
        assertThat(connection.reconnects()).isEqualTo(1);
    }

    @Test
    void aBlackHoleEndsAtTheBoundAndIsLeftWhenItEnds() {
        assertThat(isRead()).isTrue();
        proxy.stall();
        assertThatThrownBy(this::read).hasMessage("read: etcd did not answer within 2000 ms");
        proxy.resume();
        await().atMost(Duration.ofSeconds(2)).until(this::isRead);
    }

    @Test
    void aWipedEtcdIsSeenByItsRevision() throws RegistryException {
        etcd.put("/services/a", "1");
        read();
        etcd.stop();
        etcd.startAgain();
        await().atMost(Duration.ofSeconds(5)).until(this::isRead);
        assertThat(replaced).isEmpty();
        etcd.wipe();
        await().atMost(Duration.ofSeconds(5)).until(this::isRead);
        assertThat(replaced).containsExactly("its revision went back from 2 to 1");
    }

    @Test
    void anotherClusterIsSeenByItsId() throws RegistryException {
        read();
        etcd.wipe("second");
        await().atMost(Duration.ofSeconds(5)).until(this::isRead);
        assertThat(replaced).singleElement().asString().startsWith("cluster id ");
    }
}
