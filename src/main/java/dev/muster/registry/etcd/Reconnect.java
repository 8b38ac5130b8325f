package dev.muster.registry.etcd;

import static java.util.Objects.requireNonNull;

import dev.muster.config.EtcdConfig;
import dev.muster.registry.RegistryException;
import io.etcd.jetcd.Client;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds the present client, which speaks with one member, and replaces it when that member does not answer: by one for the
 * next endpoint that does, which may be the same one again. gRPC's own backoff grows to two minutes and cannot be reset, and
 * a client that speaks with all members goes on asking one that hangs for 13 s.
 */
final class Reconnect implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Reconnect.class);
    private static final int CONNECT_MILLIS = 500;
    private static final int ANSWER_MILLIS = 1000;
    private static final int PAUSE_MILLIS = 200;

    /** A client for one endpoint, and what it was built with. */
    private record Member(URI endpoint, Client client, EtcdConfig config) {}

    private interface Task {
        void run() throws InterruptedException;
    }

    private final Endpoints endpoints;
    private final RenewedFiles files;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final AtomicLong count = new AtomicLong();
    private volatile List<URI> known = List.of();
    private volatile @Nullable Member present;
    private final CountDownLatch closed = new CountDownLatch(1);
    private boolean busy;

    Reconnect(Endpoints endpoints, RenewedFiles files) {
        this.endpoints = endpoints;
        this.files = files;
    }

    /**
     * The present client. The first call finds the endpoints, which may take seconds where they are discovered.
     *
     * @throws RegistryException when no endpoint is known yet
     */
    Client client() throws RegistryException {
        Member member = present;
        return member == null ? first() : member.client();
    }

    private synchronized Client first() throws RegistryException {
        Member member = present;
        if (member == null) {
            known = List.copyOf(endpoints.find());
            member = build(known.getFirst());
            present = member;
        }
        return member.client();
    }

    private Member build(URI endpoint) {
        EtcdConfig now = files.read();
        return new Member(endpoint, Clients.build(now, endpoint), now);
    }

    /** The endpoint that comes so many places after the present one, round and round. */
    URI endpointAfter(int places) {
        List<URI> all = known;
        int at = all.indexOf(requireNonNull(present, "nothing was asked yet").endpoint());
        return all.get((Math.max(at, 0) + places) % all.size());
    }

    long count() {
        return count.get();
    }

    void onReconnected(Runnable listener) {
        listeners.add(listener);
    }

    /** Looks after the client, once at a time, unless it has been replaced already. */
    synchronized void suspect(Client suspected) {
        Member member = present;
        if (member != null && suspected.equals(member.client())) {
            start(this::probe);
        }
    }

    /** etcd does not let the present client in: where its files were renewed since it was built, another takes its place. */
    void renew() {
        start(() -> {
            Member member = requireNonNull(present, "asked");
            if (!files.read().equals(member.config())) {
                take(member.endpoint());
            }
        });
    }

    private synchronized void start(Task task) {
        if (busy || closed.getCount() == 0) {
            return;
        }
        busy = true;
        Thread.ofVirtual().name("etcd-reconnect").start(() -> {
            try {
                task.run();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                synchronized (this) {
                    busy = false;
                }
            }
        });
    }

    /** Asks every endpoint once, the present one first. @return whether one has answered, which is the present one now */
    boolean settle() throws RegistryException {
        try {
            return answers(client()) || replace();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void probe() throws InterruptedException {
        Member suspected = requireNonNull(present, "suspected");
        boolean reported = false;
        while (!answers(suspected.client())) {
            if (!reported) {
                log.warn("etcd at {} does not answer", suspected.endpoint());
                reported = true;
            }
            if (replace()) {
                break;
            }
            discover();
            if (closed.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS)) {
                return;
            }
        }
        if (reported) {
            log.info("etcd at {} answers", requireNonNull(present, "replaced").endpoint());
        }
    }

    /** A refusal is an answer too; but one that only a member with a quorum can give, since no other is of use. */
    private static boolean answers(Client asked) throws InterruptedException {
        try {
            asked.getKVClient().get(EtcdKeys.bytes(EtcdKeys.probe())).get(ANSWER_MILLIS, TimeUnit.MILLISECONDS);
            return true;
        } catch (ExecutionException e) {
            return !EtcdErrors.isConnectionLost(e);
        } catch (TimeoutException | RuntimeException e) {
            log.debug("no answer", e);
            return false;
        }
    }

    private static boolean accepts(URI endpoint) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(endpoint.getHost(), endpoint.getPort()), CONNECT_MILLIS);
            return true;
        } catch (IOException e) {
            log.debug("{} does not accept", endpoint, e);
            return false;
        }
    }

    /** Nobody has answered: perhaps etcd is elsewhere by now. */
    private void discover() {
        try {
            known = List.copyOf(endpoints.find());
        } catch (RegistryException e) {
            log.debug("endpoints are not known anew", e);
        }
    }

    /** By the next that answers, the present one last. */
    private boolean replace() throws InterruptedException {
        List<URI> all = known;
        int at = all.indexOf(requireNonNull(present, "present").endpoint());
        for (int places = 1; places <= all.size(); places++) {
            URI endpoint = all.get((at + places) % all.size());
            if (closed.getCount() == 0) {
                return false;
            }
            if (accepts(endpoint) && take(endpoint)) {
                return true;
            }
        }
        return false;
    }

    private boolean take(URI endpoint) throws InterruptedException {
        Member fresh = build(endpoint);
        if (!answers(fresh.client())) {
            fresh.client().close();
            return false;
        }
        Member old;
        synchronized (this) {
            if (closed.getCount() == 0) {
                fresh.client().close();
                return true;
            }
            old = requireNonNull(present, "present");
            present = fresh;
        }
        count.incrementAndGet();
        listeners.forEach(Runnable::run);
        old.client().close();
        return true;
    }

    @Override
    public void close() {
        synchronized (this) {
            closed.countDown();
        }
        Member member = present;
        if (member != null) {
            member.client().close();
        }
    }
}
