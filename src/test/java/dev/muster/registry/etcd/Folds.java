package dev.muster.registry.etcd;

import java.util.List;

/** Whole reads in one page. */
final class Folds {

    private Folds() {}

    /** The first one. */
    static CatalogFold read(EtcdKeys keys, long revision, List<KeyChange> read) {
        return reread(CatalogFold.nothing(keys), revision, read, true);
    }

    /** One after {@code before}. */
    static CatalogFold reread(CatalogFold before, long revision, List<KeyChange> read, boolean sameHistory) {
        CatalogFold.Reading reading = before.reading(revision, sameHistory);
        reading.accept(read);
        return reading.end();
    }
}
