package dev.muster.registry;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Records in memory. They outlive their watcher, as in a real registry, and an outage fails every call. */
public final class FakeProgress implements Progress {

    private final List<Watcher> watchers = new ArrayList<>();
    private final Map<String, Applied> records = new TreeMap<>();
    private final Map<String, Term> terms = new TreeMap<>();
    private final List<String> writes = new ArrayList<>();
    private int announcements;
    private Optional<String> outage = Optional.empty();
    private Runnable onWrite = () -> {};

    @Override
    public void announce(Watcher watcher) throws RegistryException {
        answer();
        announcements++;
        watchers.removeIf(other -> other.id().equals(watcher.id()));
        watchers.add(watcher);
    }

    /** How often any watcher has announced itself. */
    public int announcements() {
        return announcements;
    }

    @Override
    public List<Watcher> watchers() throws RegistryException {
        answer();
        return List.copyOf(watchers);
    }

    @Override
    public List<Applied> records() throws RegistryException {
        answer();
        return List.copyOf(records.values());
    }

    @Override
    public List<Applied> records(String watcher) throws RegistryException {
        return records().stream()
                .filter(record -> record.watcher().equals(watcher))
                .toList();
    }

    @Override
    public List<Leader> leaders() throws RegistryException {
        answer();
        return terms.values().stream()
                .map(term -> new Leader(term.group(), "somebody", term.epoch()))
                .toList();
    }

    @Override
    public void write(Collection<Applied> some, Optional<Term> by) throws RegistryException {
        for (Applied record : some) {
            answer(by);
            String key = key(record.service(), record.provider(), record.watcher());
            if (!record.equals(records.put(key, record))) {
                writes.add("write " + key);
                onWrite.run();
            }
        }
    }

    @Override
    public void delete(String service, String provider, String watcher, Optional<Term> by) throws RegistryException {
        answer(by);
        String key = key(service, provider, watcher);
        if (records.remove(key) != null) {
            writes.add("delete " + key);
        }
    }

    /** From now on nothing answers; empty ends it. */
    public void outage(Optional<String> message) {
        outage = message;
    }

    /** Somebody deletes a record behind its watcher's back. */
    public void forget(String service, String provider, String watcher) {
        records.remove(key(service, provider, watcher));
    }

    /** Runs at each write, as what happens elsewhere in that moment. */
    public void onWrite(Runnable action) {
        onWrite = action;
    }

    /** Every write and deletion since the last call, in order. */
    public List<String> takeWrites() {
        List<String> taken = List.copyOf(writes);
        writes.clear();
        return taken;
    }

    public Optional<Applied> record(String service, String provider, String watcher) {
        return Optional.ofNullable(records.get(key(service, provider, watcher)));
    }

    /** Whoever leads the term's group, this is the term from now on. */
    public void leads(Term term) {
        terms.put(term.group(), term);
    }

    private void answer(Optional<Term> by) throws RegistryException {
        answer();
        if (by.isPresent() && !by.get().equals(terms.get(by.get().group()))) {
            throw new RegistryException(by.get() + " is over");
        }
    }

    private void answer() throws RegistryException {
        if (outage.isPresent()) {
            throw new RegistryException(outage.get());
        }
    }

    private static String key(String service, String provider, String watcher) {
        return service + "/" + provider + "/" + watcher;
    }

    @Override
    public void close() {}
}
