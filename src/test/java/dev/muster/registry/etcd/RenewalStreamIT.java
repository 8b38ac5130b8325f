package dev.muster.registry.etcd;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.muster.config.EtcdConfig;
import dev.muster.testkit.EtcdProcess;
import dev.muster.testkit.TcpProxy;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.lease.LeaseKeepAliveResponse;
import io.grpc.Status;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RenewalStreamIT {

    private static final long TTL = 60;

    private EtcdProcess etcd;
    private TcpProxy proxy;
    private Client client;

    @BeforeEach
    void start() {
        etcd = EtcdProcess.start();
        proxy = new TcpProxy(etcd.port());
        URI endpoint = URI.create("http://127.0.0.1:" + proxy.port());
        client = Clients.build(new EtcdConfig(List.of(endpoint), "/services", Duration.ofSeconds(2)), endpoint);
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        proxy.close();
        etcd.close();
    }

    @Test
    void allRenewalsOfAClientGoOverOneStreamAndEachIsSentOnce() throws Exception {
        long one = grant();
        long other = grant();

        for (int i = 0; i < 5; i++) {
            assertThat(renew(one).get(5, SECONDS).getID()).isEqualTo(one);
            assertThat(renew(other).get(5, SECONDS).getID()).isEqualTo(other);
        }

        assertThat(counted("grpc_server_started_total")).isEqualTo(1);
        assertThat(counted("grpc_server_msg_received_total")).isEqualTo(10);
    }

    @Test
    void eachThatWaitsGetsItsOwnAnswer() throws Exception {
        long one = grant();
        long other = grant();
        renew(one).get(5, SECONDS);

        etcd.pause();
        List<CompletableFuture<LeaseKeepAliveResponse>> waiting =
                List.of(renew(one), renew(other), renew(one), renew(other));
        assertThat(waiting).noneMatch(CompletableFuture::isDone);
        etcd.unpause();

        for (CompletableFuture<LeaseKeepAliveResponse> each : waiting) {
            each.get(5, SECONDS);
        }
        assertThat(waiting).extracting(each -> each.join().getID()).containsExactly(one, other, one, other);
        assertThat(counted("grpc_server_started_total")).isEqualTo(1);
    }

    @Test
    void aLeaseThatIsGoneIsSaidToBeAndTheOthersGoOnOverTheSameStream() throws Exception {
        long one = grant();
        long gone = grant();
        client.getLeaseClient().revoke(gone).get(5, SECONDS);

        assertThatThrownBy(() -> renew(gone).get(5, SECONDS)).matches(EtcdLease::isNotFound);
        assertThat(renew(one).get(5, SECONDS).getTTL()).isEqualTo(TTL);

        assertThat(counted("grpc_server_started_total")).isEqualTo(1);
    }

    @Test
    void whoWaitsFailsWithItsStreamAndTheNextOpensAnother() throws Exception {
        long one = grant();
        renew(one).get(5, SECONDS);

        etcd.pause();
        CompletableFuture<LeaseKeepAliveResponse> lost = renew(one);
        proxy.cut();
        isUnavailable(() -> lost.get(5, SECONDS));
        etcd.unpause();

        await().ignoreExceptions().until(() -> renew(one).get(5, SECONDS).getTTL() == TTL);
        assertThat(counted("grpc_server_started_total")).isEqualTo(2);
    }

    @Test
    void aRenewalByAClientThatWasClosedFailsAtOnce() throws Exception {
        long one = grant();
        renew(one).get(5, SECONDS);

        client.close();

        isUnavailable(() -> renew(one).get(5, SECONDS));
    }

    private static void isUnavailable(ThrowingCallable asked) {
        assertThatThrownBy(asked)
                .satisfies(failure ->
                        assertThat(Status.fromThrowable(failure).getCode()).isEqualTo(Status.Code.UNAVAILABLE));
    }

    private long grant() throws Exception {
        return client.getLeaseClient().grant(TTL).get(5, SECONDS).getID();
    }

    private CompletableFuture<LeaseKeepAliveResponse> renew(long lease) {
        return client.getLeaseClient().keepAliveOnce(lease);
    }

    /** By etcd, of the renewals. */
    private long counted(String metric) {
        return etcd.pages()
                .text("/metrics")
                .lines()
                .filter(line -> line.startsWith(metric + "{") && line.contains("grpc_method=\"LeaseKeepAlive\""))
                .mapToLong(line -> Long.parseLong(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }
}
