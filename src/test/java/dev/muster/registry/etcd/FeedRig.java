package dev.muster.registry.etcd;

import static org.awaitility.Awaitility.await;

import dev.muster.config.EtcdConfig;
import dev.muster.model.Catalog;
import dev.muster.model.InstanceId;
import dev.muster.model.Registration;
import dev.muster.reconcile.Time;
import dev.muster.registry.CatalogFeed.View;
import dev.muster.registry.RegistryException;
import dev.muster.testkit.EtcdProcess;
import dev.muster.testkit.TcpProxy;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.options.PutOption;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** A real etcd, a feed that reaches it through a proxy, and a way beside the proxy to write and to read what is true. */
final class FeedRig implements AutoCloseable {

    static final Duration TTL = Duration.ofSeconds(10);

    final EtcdProcess etcd = EtcdProcess.start();
    final TcpProxy proxy = new TcpProxy(etcd.port(), TcpProxy.HTTP2_FRAMES);
    final EtcdConnection connection = connect(proxy.port());
    final EtcdConnection beside = connect(etcd.port());
    final AtomicInteger told = new AtomicInteger();
    final EtcdKeys keys = new EtcdKeys("/services");
    final EtcdCatalogFeed feed;

    FeedRig(EtcdCatalogFeed.Timing timing, Runnable betweenPages) {
        feed = new EtcdCatalogFeed(connection, "/services", TTL, Time.system(), Map.of(), timing, betweenPages);
    }

    /** Quick to probe, as the tests' patience is short. */
    static EtcdCatalogFeed.Timing quick() {
        return new EtcdCatalogFeed.Timing(Duration.ofMillis(300), Duration.ofSeconds(1), Duration.ofHours(1), 1000);
    }

    /** Never asks for a sign of life: only the watch's own end says that something is wrong. */
    static EtcdCatalogFeed.Timing patient() {
        return new EtcdCatalogFeed.Timing(Duration.ofSeconds(30), Duration.ofSeconds(5), Duration.ofHours(1), 1000);
    }

    private static EtcdConnection connect(int port) {
        return new EtcdConnection(
                new EtcdConfig(List.of(URI.create("http://127.0.0.1:" + port)), "/services", Duration.ofSeconds(5)));
    }

    void start() {
        feed.start(told::incrementAndGet);
        awaitSynced();
    }

    View view() {
        return feed.view().orElseThrow();
    }

    Catalog catalog() {
        return view().catalog();
    }

    void awaitSynced() {
        await("synced").atMost(Duration.ofSeconds(10)).until(() -> feed.view().isPresent() && view().synced());
    }

    /** All fields in one transaction, as an owner writes them; through a connection that may have to find etcd first. */
    void register(String instance, int port) {
        await("the connection beside answers").until(this::isReachedBeside);
        Registration registration = Registrations.of(new InstanceId("web", instance), "host1", port);
        Op[] puts = FieldsLayout.encode(registration).entrySet().stream()
                .map(field -> Op.put(
                        EtcdKeys.bytes(keys.field(registration.id(), field.getKey())),
                        EtcdKeys.bytes(field.getValue()),
                        PutOption.DEFAULT))
                .toArray(Op[]::new);
        try {
            beside.call("put", client -> client.getKVClient().txn().Then(puts).commit());
        } catch (RegistryException e) {
            throw new AssertionError(e);
        }
    }

    private boolean isReachedBeside() {
        try {
            beside.look();
            return true;
        } catch (RegistryException e) {
            return false;
        }
    }

    void unregister(String instance) {
        etcd.ctl("del", "--prefix", "/services/web/" + instance + "/");
    }

    /** What is true: a read beside the proxy. */
    Catalog truth() {
        try {
            var snapshot = new SnapshotReader(beside, keys.services(), 1000, () -> {}).read();
            return Folds.read(keys, snapshot.revision(), snapshot.keys()).catalog();
        } catch (RegistryException e) {
            throw new IllegalStateException(e);
        }
    }

    boolean equalsTruth() {
        Catalog truth = truth();
        Catalog seen = catalog();
        return seen.registrations().equals(truth.registrations())
                && seen.settings().equals(truth.settings())
                && seen.goodbyes().equals(truth.goodbyes())
                && seen.rejected().equals(truth.rejected());
    }

    void awaitTruth() {
        await("the catalog equals a read")
                .atMost(Duration.ofSeconds(10))
                // The connection beside has to find an etcd that was started anew, too.
                .ignoreExceptionsMatching(failure -> failure.getCause() instanceof RegistryException)
                .until(() -> view().synced() && equalsTruth());
    }

    @Override
    public void close() throws IOException {
        feed.close();
        connection.close();
        beside.close();
        proxy.close();
        etcd.close();
    }
}
