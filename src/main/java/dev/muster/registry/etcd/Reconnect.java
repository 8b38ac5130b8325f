package dev.muster.registry.etcd;

import io.etcd.jetcd.Client;
import io.etcd.jetcd.options.GetOption;
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
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds the present client and replaces it when its connection is dead: gRPC's own backoff grows to two minutes and cannot
 * be reset, so the port is probed and a new client is built as soon as somebody answers there.
 */
final class Reconnect implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Reconnect.class);
    private static final int CONNECT_MILLIS = 500;
    private static final int ANSWER_MILLIS = 1000;
    private static final int PAUSE_MILLIS = 200;

    private final List<URI> endpoints;
    private final Supplier<Client> build;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final AtomicLong count = new AtomicLong();
    private volatile Client client;
    private final CountDownLatch closed = new CountDownLatch(1);
    private boolean probing;

    Reconnect(List<URI> endpoints, Supplier<Client> build) {
        this.endpoints = endpoints;
        this.build = build;
        this.client = build.get();
    }

    Client client() {
        return client;
    }

    long count() {
        return count.get();
    }

    void onReconnected(Runnable listener) {
        listeners.add(listener);
    }

    /** Looks after the client, once at a time, unless it has been replaced already. */
    synchronized void suspect(Client suspected) {
        if (!suspected.equals(client) || probing || closed.getCount() == 0) {
            return;
        }
        probing = true;
        Thread.ofVirtual().name("etcd-reconnect").start(this::probe);
    }

    private void probe() {
        try {
            boolean reported = false;
            while (!answers(client)) {
                if (!reported) {
                    log.warn("etcd at {} does not answer", endpoints);
                    reported = true;
                }
                if (accepts() && replace()) {
                    break;
                }
                if (closed.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS)) {
                    return;
                }
            }
            if (reported) {
                log.info("etcd at {} answers again", endpoints);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            synchronized (this) {
                probing = false;
            }
        }
    }

    /** Any answer will do, a refusal too; a member without quorum answers this one. */
    private static boolean answers(Client asked) throws InterruptedException {
        try {
            var local = GetOption.builder().withSerializable(true).withKeysOnly(true);
            asked.getKVClient()
                    .get(EtcdKeys.bytes(EtcdKeys.probe()), local.build())
                    .get(ANSWER_MILLIS, TimeUnit.MILLISECONDS);
            return true;
        } catch (ExecutionException e) {
            return !EtcdErrors.isConnectionLost(e);
        } catch (TimeoutException | RuntimeException e) {
            log.debug("no answer", e);
            return false;
        }
    }

    private boolean accepts() {
        for (URI endpoint : endpoints) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(endpoint.getHost(), endpoint.getPort()), CONNECT_MILLIS);
                return true;
            } catch (IOException e) {
                log.debug("{} does not accept", endpoint, e);
            }
        }
        return false;
    }

    private boolean replace() throws InterruptedException {
        Client fresh = build.get();
        if (!answers(fresh)) {
            fresh.close();
            return false;
        }
        Client old;
        synchronized (this) {
            if (closed.getCount() == 0) {
                fresh.close();
                return true;
            }
            old = client;
            client = fresh;
        }
        count.incrementAndGet();
        listeners.forEach(Runnable::run);
        old.close();
        return true;
    }

    @Override
    public void close() {
        synchronized (this) {
            closed.countDown();
        }
        client.close();
    }
}
