package dev.muster.registry.etcd;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.LongConsumer;

/**
 * Follows a {@link SampleStore} by a fold, as the feed follows etcd: a whole read in pages, then a watch that brings one or
 * more revisions at a time, breaks at any point and brings some of it again; a whole read after a compaction or a restore.
 */
final class FoldFollower {

    /** A follower that is wrong on purpose, to show that the histories notice it. */
    enum Flaw {
        NONE,
        OVERLOOKS_DELETIONS,
        COMPARES_NO_REVISIONS,
        SHOWS_HALF_A_REVISION,
        LOSES_GOODBYES_BESIDE_DELETIONS,
        TAKES_OLD_NEWS_FOR_NEW,
        ADDS_A_READ_TO_WHAT_IT_KNOWS,
        FORGETS_WHAT_WAS_GOOD,
        COMPARES_REVISIONS_OF_TWO_HISTORIES,
        GOES_ON_AFTER_A_COMPACTION,
        SKIPS_A_PAGE
    }

    private final SampleStore store;
    private final Random random;
    private final Flaw flaw;
    private CatalogFold fold;
    private boolean restored;
    private int reads;

    FoldFollower(SampleStore store, Random random, Flaw flaw) {
        this.store = store;
        this.random = random;
        this.flaw = flaw;
        this.fold = CatalogFold.nothing(store.keys);
        this.fold = read(true);
    }

    CatalogFold fold() {
        return fold;
    }

    int reads() {
        return reads;
    }

    /** The store went back to an earlier state: whoever is connected to etcd is told. */
    void restored() {
        restored = true;
    }

    /**
     * Takes all that has happened since.
     *
     * @param shown told each revision whose state the fold has been shown
     * @return false when something was restored, so that revisions mean something else than before
     */
    boolean catchUp(LongConsumer shown) {
        Optional<List<List<KeyChange>>> watched = store.watch(fold.revision() + 1);
        boolean sameHistory = !restored && store.revision() >= fold.revision();
        if (sameHistory && watched.isPresent()) {
            long revision = fold.revision();
            watch(watched.get());
            while (revision < store.revision()) {
                shown.accept(++revision);
            }
        } else if (flaw == Flaw.GOES_ON_AFTER_A_COMPACTION && sameHistory) {
            store.watch(store.revision()).ifPresent(this::watch);
            shown.accept(store.revision());
        } else {
            fold = read(sameHistory || flaw == Flaw.COMPARES_REVISIONS_OF_TWO_HISTORIES);
            shown.accept(store.revision());
        }
        restored = false;
        return sameHistory;
    }

    /** In answers of one or more revisions, which may begin with what is known already and may end within a revision. */
    private void watch(List<List<KeyChange>> revisions) {
        List<KeyChange> answer = new ArrayList<>();
        if (random.nextInt(4) == 0) {
            store.watch(Math.max(1, fold.revision() - random.nextInt(3)))
                    .ifPresent(again -> again.stream().limit(2).forEach(answer::addAll));
        }
        for (List<KeyChange> revision : revisions) {
            int cut = random.nextInt(4) == 0 ? random.nextInt(revision.size()) : 0;
            if (cut > 0) {
                answer.addAll(revision.subList(0, cut));
                take(answer);
            }
            answer.addAll(revision.subList(cut, revision.size()));
            if (flaw == Flaw.SHOWS_HALF_A_REVISION && cut > 0) {
                return;
            }
            if (random.nextBoolean()) {
                take(answer);
            }
        }
        take(answer);
    }

    private void take(List<KeyChange> answer) {
        List<KeyChange> changes = List.copyOf(answer);
        answer.clear();
        switch (flaw) {
            case OVERLOOKS_DELETIONS ->
                fold = fold.follow(changes.stream()
                        .filter(change ->
                                change.value() != null || !change.key().endsWith("/port"))
                        .toList());
            case COMPARES_NO_REVISIONS ->
                changes.forEach(change -> fold = fold.apply(
                        Math.max(fold.revision(), change.revision()),
                        List.of(new KeyChange(change.key(), change.value(), 1))));
            case LOSES_GOODBYES_BESIDE_DELETIONS -> {
                boolean deletes = changes.stream().anyMatch(change -> change.value() == null);
                fold = fold.follow(changes.stream()
                        .filter(change -> !deletes || !change.key().contains("/gone/"))
                        .toList());
            }
            case TAKES_OLD_NEWS_FOR_NEW ->
                changes.forEach(
                        change -> fold = fold.apply(Math.max(fold.revision(), change.revision()), List.of(change)));
            default -> fold = fold.follow(changes);
        }
    }

    /** In pages of any size; a compaction between two of them makes it begin anew. */
    private CatalogFold read(boolean sameHistory) {
        reads++;
        List<KeyChange> keys = store.read();
        if (flaw == Flaw.ADDS_A_READ_TO_WHAT_IT_KNOWS) {
            return fold.apply(store.revision(), keys);
        }
        CatalogFold before = flaw == Flaw.FORGETS_WHAT_WAS_GOOD ? CatalogFold.nothing(store.keys) : fold;
        CatalogFold.Reading given = before.reading(store.revision(), sameHistory);
        if (!keys.isEmpty() && random.nextInt(4) == 0) {
            given.accept(keys.subList(0, random.nextInt(keys.size())));
            given = before.reading(store.revision(), sameHistory);
        }
        for (int from = 0; from < keys.size(); ) {
            int to = Math.min(keys.size(), from + 1 + random.nextInt(12));
            if (flaw != Flaw.SKIPS_A_PAGE || from == 0) {
                given.accept(keys.subList(from, to));
            }
            from = to;
        }
        return given.end();
    }
}
