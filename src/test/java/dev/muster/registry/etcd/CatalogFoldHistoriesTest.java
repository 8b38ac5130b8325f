package dev.muster.registry.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.model.Catalog;
import dev.muster.model.InstanceId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Folding the watch up to revision r equals a read at r, over random histories of all that can stand under the prefix. */
class CatalogFoldHistoriesTest {

    private static final int HISTORIES = Integer.getInteger("muster.histories", 20_000);
    private static final long SEED = Long.getLong("muster.seed", System.nanoTime());
    private static final int STEPS = 16;

    private final Map<String, Integer> seen = new HashMap<>();

    @Test
    void theFoldOfTheWatchEqualsARead() {
        System.out.println("CatalogFoldHistoriesTest: -Dmuster.seed=" + SEED);
        for (int i = 0; i < HISTORIES; i++) {
            long seed = SEED + i;
            try {
                history(new Random(seed));
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("-Dmuster.histories=1 -Dmuster.seed=" + seed, e);
            }
        }
        // All that the comparison is about did occur, or it proves nothing.
        assertThat(seen)
                .hasEntrySatisfying("registrations", count -> assertThat(count).isGreaterThan(HISTORIES))
                .hasEntrySatisfying("goodbyes", count -> assertThat(count).isGreaterThan(HISTORIES))
                .hasEntrySatisfying("settings", count -> assertThat(count).isGreaterThan(HISTORIES))
                .hasEntrySatisfying("rejected", count -> assertThat(count).isGreaterThan(HISTORIES))
                .hasEntrySatisfying(
                        "kept though bad", count -> assertThat(count).isGreaterThan(HISTORIES / 20))
                .hasEntrySatisfying(
                        "in several layouts", count -> assertThat(count).isGreaterThan(HISTORIES))
                .hasEntrySatisfying("rereads", count -> assertThat(count).isGreaterThan(HISTORIES / 2));
    }

    private void history(Random random) {
        SampleStore store = new SampleStore();
        RandomHistory history = new RandomHistory(random, store);
        ReadByDefinition definition = new ReadByDefinition();
        CatalogFold fold = CatalogFold.of(store.keys, store.revision(), store.read());
        for (int step = 0; step < STEPS; step++) {
            CatalogFold before = fold;
            if (random.nextInt(10) == 0) {
                // The watch was lost and missed something.
                history.next();
                history.next();
                fold = fold.reread(store.revision(), store.read(), true);
                count("rereads", 1);
            } else {
                fold = applied(fold, store.revision() + 1, history.next(), random);
            }
            definition.read(store.read());
            compare(before.catalog(), fold.catalog(), definition);
            if (random.nextInt(4) == 0) {
                CatalogFold first = CatalogFold.of(store.keys, store.revision(), store.read());
                compareWithFirstRead(fold.catalog(), first.catalog());
            }
        }
    }

    /** All at once, or in two parts of one revision. */
    private static CatalogFold applied(CatalogFold fold, long revision, List<KeyChange> changes, Random random) {
        if (changes.isEmpty()) {
            return fold;
        }
        int cut = random.nextInt(changes.size());
        return random.nextBoolean()
                ? fold.apply(revision, changes)
                : fold.apply(revision, changes.subList(0, cut)).apply(revision, changes.subList(cut, changes.size()));
    }

    private void compare(Catalog before, Catalog fold, ReadByDefinition definition) {
        same(fold.registrations(), definition.registrations);
        same(fold.settings(), definition.settings);
        same(fold.goodbyes(), definition.goodbyes);
        same(fold.routes(), definition.routes);
        for (String service : List.of("web", "db")) {
            long at = fold.changedAt().getOrDefault(service, 0L);
            same(at >= before.changedAt().getOrDefault(service, 0L) && at <= fold.revision(), true);
            if (!part(before, service).equals(part(fold, service))) {
                same(at > before.revision(), true);
            }
        }
        count("registrations", fold.registrations().size());
        count("in several layouts", definition.inSeveralLayouts());
        count("goodbyes", fold.goodbyes().size());
        count("settings", fold.settings().size());
        count("routes", fold.routes().size());
        count("rejected", fold.rejected().size());
    }

    private void compareWithFirstRead(Catalog fold, Catalog read) {
        same(fold.rejected().keySet(), read.rejected().keySet());
        same(fold.settings(), read.settings());
        same(fold.goodbyes(), read.goodbyes());
        same(fold.routes(), read.routes());
        fold.registrations().forEach((id, registration) -> {
            if (isBad(fold, id)) {
                count("kept though bad", 1);
            } else {
                same(registration, read.registrations().get(id));
            }
        });
        assertThat(fold.registrations().keySet())
                .containsAll(read.registrations().keySet());
    }

    private static boolean isBad(Catalog fold, InstanceId id) {
        return fold.rejected().containsKey("/services/" + id + "/")
                || fold.rejected().containsKey("/services/" + id);
    }

    private static List<Object> part(Catalog catalog, String service) {
        Map<Object, Object> goodbyes = new HashMap<>(catalog.goodbyes());
        goodbyes.keySet().removeIf(id -> !id.toString().startsWith(service + "/"));
        return List.of(
                catalog.of(service),
                catalog.settings().getOrDefault(service, new TreeMap<>()),
                goodbyes,
                catalog.routesTo(service));
    }

    /** AssertJ's own comparison of millions of equal maps would take most of the time. */
    private static void same(@Nullable Object actual, @Nullable Object expected) {
        if (!Objects.equals(actual, expected)) {
            assertThat(actual).isEqualTo(expected);
        }
    }

    private void count(String what, int more) {
        seen.merge(what, more, Integer::sum);
    }
}
