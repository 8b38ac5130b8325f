package dev.muster.registry.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.muster.config.EtcdConfig;
import dev.muster.registry.RegistryException;
import dev.muster.testkit.DnsServer;
import dev.muster.testkit.DnsServer.Srv;
import dev.muster.testkit.EtcdProcess;
import dev.muster.testkit.Ports;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SrvEndpointsIT {

    private static final String PLAIN = "_etcd-client._tcp.example.test";
    private static final String TLS = "_etcd-client-ssl._tcp.example.test";

    private final DnsServer dns = new DnsServer();
    private final Endpoints plain = new SrvEndpoints(dns.url(), "example.test", false);
    private final Endpoints tls = new SrvEndpoints(dns.url(), "example.test", true);

    @AfterEach
    void stop() {
        dns.close();
    }

    @Test
    void lowerPrioritiesComeFirstAndEachCallAsksAnew() throws RegistryException {
        dns.set(PLAIN, new Srv(20, 0, 2379, "c.example.test"), new Srv(10, 5, 2380, "A.example.test"));
        assertThat(plain.find())
                .containsExactly(URI.create("http://a.example.test:2380"), URI.create("http://c.example.test:2379"));
        dns.set(PLAIN, new Srv(0, 0, 2379, "d.example.test"));
        assertThat(plain.find()).containsExactly(URI.create("http://d.example.test:2379"));
    }

    @Test
    void recordsWithAndWithoutTlsAreNeverTakenForEachOther() throws RegistryException {
        dns.set(PLAIN, new Srv(0, 0, 2379, "a.example.test"));
        assertThatThrownBy(tls::find).hasMessage("etcd cannot be found: DNS has no SRV record " + TLS);
        dns.set(TLS, new Srv(0, 0, 2379, "b.example.test"));
        assertThat(tls.find()).containsExactly(URI.create("https://b.example.test:2379"));
        dns.set(PLAIN);
        assertThatThrownBy(plain::find).hasMessage("etcd cannot be found: DNS has no SRV record " + PLAIN);
    }

    @Test
    void whatIsNoHostAndPortIsLeftOut() throws RegistryException {
        dns.set(
                PLAIN,
                new Srv(0, 0, 2379, "user@elsewhere/x"),
                new Srv(0, 0, 0, "a.example.test"),
                new Srv(0, 0, 2379, "b.example.test"));
        assertThat(plain.find()).containsExactly(URI.create("http://b.example.test:2379"));
    }

    @Test
    void aNameServerThatDoesNotAnswerIsSaidAndIsNoLongWait() {
        Endpoints nobody = new SrvEndpoints("dns://127.0.0.1:" + Ports.free(), "example.test", false);
        long start = System.nanoTime();
        assertThatThrownBy(nobody::find)
                .isInstanceOf(RegistryException.class)
                .hasMessageStartingWith("etcd cannot be found: DNS does not answer for " + PLAIN);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    }

    /** From no record at all, to an etcd, to another place of it. */
    @Test
    void etcdIsFoundOnceItIsThereAndAgainWhereItMoves() {
        EtcdConfig config = new EtcdConfig(
                List.of(),
                Optional.of("example.test"),
                Optional.empty(),
                Optional.empty(),
                "",
                "/services",
                Duration.ofSeconds(2));
        try (EtcdProcess first = EtcdProcess.start();
                EtcdProcess second = EtcdProcess.start();
                EtcdConnection connection = new EtcdConnection(config, plain)) {
            assertThatThrownBy(connection::look).hasMessageStartingWith("etcd cannot be found: DNS has no SRV record");
            dns.set(PLAIN, new Srv(0, 0, first.port(), "localhost"));
            await().atMost(Duration.ofSeconds(3)).until(() -> answers(connection));
            dns.set(PLAIN, new Srv(0, 0, second.port(), "localhost"));
            assertThat(answers(connection)).as("what answers is not left").isTrue();
            assertThat(connection.reconnects()).isZero();
            first.kill();
            await().atMost(Duration.ofSeconds(5)).until(() -> answers(connection));
            assertThat(connection.reconnects()).isEqualTo(1);
        }
    }

    private static boolean answers(EtcdConnection connection) {
        try {
            connection.look();
            return true;
        } catch (RegistryException e) {
            return false;
        }
    }
}
