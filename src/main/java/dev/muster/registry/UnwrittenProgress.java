package dev.muster.registry;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** The watchers' records, to be read; nothing is written, and whoever writes is told that it was. */
public final class UnwrittenProgress implements Progress {

    private final Progress records;

    public UnwrittenProgress(Progress records) {
        this.records = records;
    }

    @Override
    public void announce(Watcher watcher) {}

    @Override
    public List<Watcher> watchers() throws RegistryException {
        return records.watchers();
    }

    @Override
    public List<Applied> records() throws RegistryException {
        return records.records();
    }

    @Override
    public List<Applied> records(String watcher) throws RegistryException {
        return records.records(watcher);
    }

    @Override
    public List<Leader> leaders() throws RegistryException {
        return records.leaders();
    }

    @Override
    public void write(Collection<Applied> some, Optional<Term> by) {}

    @Override
    public void delete(String service, String provider, String watcher, Optional<Term> by) {}

    @Override
    public void close() {
        records.close();
    }
}
