package dev.muster.registry.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

final class EtcdErrorsTest {

    /** The chain that grpc-netty makes of a connection that closes under a call: nothing in it but the status speaks. */
    @Test
    void aCallWhoseConnectionClosesUnderItIsToldAsAnUnreachedEtcd() {
        Throwable closed = new ClosedChannelException().initCause(new ClosedChannelException());
        Throwable failure = Status.UNKNOWN
                .withDescription("channel closed")
                .withCause(closed)
                .asRuntimeException();

        assertThat(EtcdErrors.plain("read /services/", new ExecutionException(failure)))
                .hasMessage("read /services/: etcd cannot be reached (channel closed)");
        assertThat(EtcdErrors.isConnectionLost(failure)).isTrue();
    }

    @Test
    void whatTheNetworkSaidIsToldBeforeWhatTheTransportMadeOfIt() {
        Throwable failure = Status.UNAVAILABLE
                .withDescription("io exception")
                .withCause(new IOException("Connection refused: /127.0.0.1:1"))
                .asRuntimeException();

        assertThat(EtcdErrors.plain("read", failure))
                .hasMessage("read: etcd cannot be reached (Connection refused: /127.0.0.1:1)");
    }

    @Test
    void whatEtcdRefusesOrNeverGotIsUndoneAndOfAllElseNobodyKnows() {
        assertThat(EtcdErrors.isUndone(Status.PERMISSION_DENIED.asRuntimeException()))
                .isTrue();
        assertThat(EtcdErrors.isUndone(Status.UNAVAILABLE
                        .withCause(new ConnectException("Connection refused"))
                        .asRuntimeException()))
                .isTrue();
        assertThat(EtcdErrors.isUndone(Status.UNAVAILABLE
                        .withDescription("Channel shutdownNow invoked")
                        .asRuntimeException()))
                .isFalse();
        assertThat(EtcdErrors.isUndone(Status.DEADLINE_EXCEEDED.asRuntimeException()))
                .isFalse();
        assertThat(EtcdErrors.isUndone(Status.UNKNOWN.asRuntimeException())).isFalse();
    }

    @Test
    void anUnknownErrorIsToldInItsOwnWords() {
        assertThat(EtcdErrors.plain(
                        "read", Status.UNKNOWN.withDescription("odd").asRuntimeException()))
                .hasMessage("read: UNKNOWN: odd");
    }
}
