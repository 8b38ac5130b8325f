package dev.muster.registry.etcd;

import dev.muster.config.EtcdConfig;
import dev.muster.registry.RegistryException;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.Response;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.LoggerFactory;

/**
 * The one connection of a process to etcd. Every call has a bound and ends in an answer or a {@link RegistryException}. A
 * client whose connection died is replaced as soon as the port answers, since gRPC itself may wait for up to two minutes.
 * Safe for use by many threads.
 */
public final class EtcdConnection implements AutoCloseable {

    /** More than any answer that a whole unpaged read of the largest fleet gives. */
    private static final int MAX_ANSWER_BYTES = 512 << 20;

    private final EtcdConfig config;
    private final Origin origin = new Origin();
    private final Reconnect reconnect;

    public EtcdConnection(EtcdConfig config) {
        this.config = config;
        this.reconnect = new Reconnect(config.endpoints(), () -> build(config));
    }

    /** The present client; not to be kept, since another one may take its place at any time. */
    public Client client() {
        return reconnect.client();
    }

    /**
     * Asks and waits, at most the configured time-out.
     *
     * @param what is asked, said in the error
     * @param question must be answered by no member from a stale state: a linearizable read, or a write
     * @throws RegistryException in etcd's words; what was asked may or may not have happened
     */
    public <T extends Response> T call(String what, Function<Client, CompletableFuture<T>> question)
            throws RegistryException {
        return call(what, config.timeout(), question);
    }

    /** {@link #call} with a bound of its own. */
    public <T extends Response> T call(String what, Duration timeout, Function<Client, CompletableFuture<T>> question)
            throws RegistryException {
        long floor = origin.revision();
        T answer = answer(what, timeout, question);
        origin.observe(answer.getHeader(), floor);
        return answer;
    }

    /**
     * Like {@link #call}, for what a member that lags behind may answer, such as a lease's renewal or its time to live: the
     * revision in such an answer proves nothing.
     */
    public <T extends Response> T callAnyMember(String what, Function<Client, CompletableFuture<T>> question)
            throws RegistryException {
        T answer = answer(what, config.timeout(), question);
        origin.observeCluster(answer.getHeader());
        return answer;
    }

    private <T extends Response> T answer(
            String what, Duration timeout, Function<Client, CompletableFuture<T>> question) throws RegistryException {
        Client client = reconnect.client();
        try {
            return question.apply(client).get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            reconnect.suspect(client);
            throw new RegistryException("%s: etcd did not answer within %d ms".formatted(what, timeout.toMillis()), e);
        } catch (ExecutionException e) {
            if (EtcdErrors.isConnectionLost(e)) {
                reconnect.suspect(client);
            }
            throw EtcdErrors.plain(what, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RegistryException(what + ": interrupted", e);
        } catch (RuntimeException e) {
            // A client that was closed under our hands throws instead of answering.
            reconnect.suspect(client);
            throw EtcdErrors.plain(what, e);
        }
    }

    /** Connects now and on a thread of its own, so that the first call finds a connection and its classes there. */
    public void warm() {
        Thread.ofVirtual().name("etcd-warm").start(() -> {
            try {
                look();
            } catch (RegistryException e) {
                LoggerFactory.getLogger(EtcdConnection.class).debug("not warmed", e); // the first real call says so
            }
        });
    }

    /** Asks for something that is never there, only to see whether an answer comes. */
    public void look() throws RegistryException {
        call("look at etcd", client -> client.getKVClient().get(EtcdKeys.bytes(EtcdKeys.probe())));
    }

    /** Says that a stream of this client ended in a way that may mean a dead connection. */
    public void suspect(Client client) {
        reconnect.suspect(client);
    }

    /** A header that came by another way than {@link #call}: a stream's, or a serializable read's. */
    public void observe(Response.Header header) {
        origin.observeCluster(header);
    }

    /** Is told, on any thread, when etcd's data was replaced: another cluster, or a revision that went back. Must return at once. */
    public void onReplaced(Consumer<String> listener) {
        origin.onReplaced(listener);
    }

    /** Is told, on any thread, when another client has taken the old one's place. Must return at once. */
    public void onReconnected(Runnable listener) {
        reconnect.onReconnected(listener);
    }

    /** How often a dead client was replaced. */
    public long reconnects() {
        return reconnect.count();
    }

    @Override
    public void close() {
        reconnect.close();
    }

    private static Client build(EtcdConfig config) {
        return Client.builder()
                .endpoints(config.endpoints())
                // An answer is wanted, not patience: an absent etcd is an error at once, which the caller handles.
                .waitForReady(false)
                // Who calls knows what may be sent twice.
                .retryMaxAttempts(0)
                .connectTimeout(Duration.ofSeconds(2))
                // gRPC allows no less than 10 s; what must be noticed sooner is probed.
                .keepaliveTime(Duration.ofSeconds(10))
                .keepaliveTimeout(Duration.ofSeconds(3))
                .maxInboundMessageSize(MAX_ANSWER_BYTES)
                .build();
    }
}
