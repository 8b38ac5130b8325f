package dev.muster.registry.etcd;

import static dev.muster.registry.etcd.EtcdKeys.bytes;

import dev.muster.registry.RegistryException;
import dev.muster.registry.Release;
import dev.muster.registry.Releases;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.options.DeleteOption;
import io.etcd.jetcd.options.PutOption;
import java.util.List;

/** Releases in etcd, each under a lease of its own that nobody renews. */
public final class EtcdReleases implements Releases {

    private final EtcdConnection connection;
    private final OwnRecords own;

    public EtcdReleases(EtcdConnection connection) {
        this.connection = connection;
        this.own = new OwnRecords(connection);
    }

    @Override
    public long put(Release release) throws RegistryException {
        String key = EtcdKeys.release(release.service(), release.provider());
        long lease = connection
                .call(
                        "grant a lease for " + key,
                        client -> client.getLeaseClient().grant(Release.LIFE.toSeconds()))
                .getID();
        PutOption underLease = PutOption.builder().withLeaseId(lease).build();
        return connection
                .change(
                        "put " + key,
                        client -> client.getKVClient().put(bytes(key), bytes(AppliedJson.encode(release)), underLease))
                .getHeader()
                .getRevision();
    }

    @Override
    public List<Release> standing() throws RegistryException {
        return List.copyOf(own.read(
                        EtcdKeys.releases(),
                        2,
                        (parts, text, revision) -> AppliedJson.decodeRelease(parts[0], parts[1], text, revision))
                .values());
    }

    /** By compare: a person may have put another one meanwhile, which has not been obeyed. */
    @Override
    public void end(Release release) throws RegistryException {
        String key = EtcdKeys.release(release.service(), release.provider());
        new Transactions(connection, () -> {})
                .commit(
                        "delete " + key,
                        List.of(Transactions.modified(key, release.revision())),
                        List.of(Op.delete(bytes(key), DeleteOption.DEFAULT)),
                        List.of());
    }
}
