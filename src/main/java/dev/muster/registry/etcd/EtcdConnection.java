package dev.muster.registry.etcd;

import dev.muster.config.EtcdConfig;
import dev.muster.registry.RegistryException;
import dev.muster.registry.UnansweredException;
import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.Response;
import io.etcd.jetcd.lease.LeaseTimeToLiveResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.LoggerFactory;

/**
 * The one connection of a process to etcd, with one member at a time. Every call has a bound and ends in an answer or a
 * {@link RegistryException}. A member that dies or hangs is left for another one; an etcd that is away altogether is asked
 * again as soon as its port answers, since gRPC itself may wait for up to two minutes. Each client is built with certificates
 * and password as their files have them then. Keys are as they stand below the configured root. Safe for use by many threads.
 */
public final class EtcdConnection implements AutoCloseable {

    /** A call that is unanswered for so long casts a doubt on its member; it is waited for all the same. */
    private static final Duration SLOW = Duration.ofMillis(500);

    private final EtcdConfig config;
    private final Origin origin = new Origin();
    private final RenewedFiles files;
    private final Reconnect reconnect;
    private volatile boolean refused;

    public EtcdConnection(EtcdConfig config) {
        this(config, Endpoints.of(config));
    }

    EtcdConnection(EtcdConfig config, Endpoints endpoints) {
        this.config = config;
        this.files = new RenewedFiles(config);
        this.reconnect = new Reconnect(endpoints, files);
    }

    /** The present client; not to be kept, since another one may take its place at any time. After the first call. */
    public Client client() {
        try {
            return reconnect.client();
        } catch (RegistryException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    /** A client of its own for the endpoint so many places after the present one, round and round; to be closed. */
    Client another(int places) {
        return Clients.build(files.read(), reconnect.endpointAfter(places));
    }

    /** Whether etcd, when it was asked last, did not let this user in. */
    boolean isRefused() {
        return refused;
    }

    /** What was asked without {@link #call} has failed so. */
    void noticeRefusal(Throwable failure) {
        if (EtcdErrors.isNobody(failure)) {
            refused = true;
            reconnect.renew();
        }
    }

    /** The same, as nobody: for what etcd asks nobody's name for. */
    Client anotherAsNobody(int places) {
        return Clients.build(files.read().asNobody(), reconnect.endpointAfter(places));
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

    /**
     * {@link #call} for what changes something that a person has asked for.
     *
     * @throws UnansweredException where it may have happened all the same; another RegistryException only where it has not
     */
    public <T extends Response> T change(String what, Function<Client, CompletableFuture<T>> question)
            throws RegistryException {
        reconnect.client();
        try {
            return call(what, question);
        } catch (RegistryException e) {
            throw e.getCause() != null && EtcdErrors.isUndone(e.getCause()) ? e : new UnansweredException(e);
        }
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
            T answer;
            try {
                answer = await(client, timeout, question.apply(client));
            } catch (ExecutionException e) {
                // Nothing was done: the library has dropped its token and authenticates anew, or this client was closed
                // before the question was sent, since another one has taken its place.
                Client successor = reconnect.client();
                if (!EtcdErrors.isSessionOver(e) && (!EtcdErrors.isUnsent(e) || successor.equals(client))) {
                    throw e;
                }
                client = successor;
                answer = await(client, timeout, question.apply(client));
            }
            refused = false;
            return answer;
        } catch (TimeoutException e) {
            throw new RegistryException("%s: etcd did not answer within %d ms".formatted(what, timeout.toMillis()), e);
        } catch (ExecutionException e) {
            if (EtcdErrors.isConnectionLost(e)) {
                reconnect.suspect(client);
            }
            noticeRefusal(e);
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

    private <T> T await(Client client, Duration timeout, CompletableFuture<T> answer)
            throws ExecutionException, InterruptedException, TimeoutException {
        Duration patience = SLOW.compareTo(timeout) < 0 ? SLOW : timeout;
        try {
            return answer.get(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            reconnect.suspect(client); // where another member takes its place, this call ends with it
            return answer.get(timeout.minus(patience).toNanos(), TimeUnit.NANOSECONDS);
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

    /**
     * Asks for something that is never there, only to see whether an answer comes; where none does, of every endpoint once.
     * To be denied that is an answer too.
     */
    public void look() throws RegistryException {
        try {
            call("look at etcd", client -> client.getKVClient().get(EtcdKeys.bytes(EtcdKeys.probe())));
        } catch (RegistryException e) {
            if (!EtcdErrors.isDenied(e) && !(EtcdErrors.isConnectionLost(e) && reconnect.settle())) {
                throw e;
            }
        }
    }

    /** The keys of a lease, as all others below the root; what does not lie there is nobody's here. */
    List<ByteSequence> keysOf(LeaseTimeToLiveResponse lease) {
        ByteSequence root = EtcdKeys.bytes(config.root());
        return lease.getKeys().stream()
                .filter(key -> key.startsWith(root))
                .map(key -> key.substring(root.size()))
                .toList();
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
}
