package dev.muster.registry.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.model.Catalog;
import dev.muster.model.InstanceId;
import dev.muster.model.Registration;
import dev.muster.testkit.Histories;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.ObjIntConsumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One random history of all that can stand under the prefix, followed by a fold, which is compared with reads. */
final class FoldHistory implements Histories.History {

    static final int STEPS = 10;

    /** How the watch is cut, for some transactions to happen unseen. */
    enum Cut {
        AS_IT_COMES,
        WATCHED_ON,
        COMPACTED,
        RESTORED
    }

    private final Random random;
    private final SampleStore store = new SampleStore();
    private final RandomHistory history;
    private final FoldFollower follower;
    private final ReadByDefinition definition = new ReadByDefinition();
    private final ObjIntConsumer<String> seen;

    /** @param seen told how often things occurred, by name */
    FoldHistory(long seed, FoldFollower.Flaw flaw, ObjIntConsumer<String> seen) {
        this.seen = seen;
        this.random = new Random(seed);
        this.history = new RandomHistory(random, store);
        this.follower = new FoldFollower(store, random, flaw);
        definition.read(store.read());
    }

    /** Cut at random. */
    @Override
    public void run() {
        run(-1, Cut.AS_IT_COMES);
    }

    /** @param at the step after which the watch is cut that way */
    void run(int at, Cut cut) {
        for (int step = 0; step < STEPS; step++) {
            history.next();
            if (step == at) {
                cut(cut);
            } else if (random.nextInt(8) == 0) {
                Cut[] cuts = Cut.values();
                cut(cuts[random.nextInt(random.nextInt(4) == 0 ? cuts.length : cuts.length - 1)]);
            }
            Catalog before = follower.fold().catalog();
            boolean sameHistory = follower.catchUp(revision -> definition.read(store.read(revision)));
            compare(before, follower.fold().catalog(), sameHistory);
            if (random.nextInt(4) == 0) {
                CatalogFold first = Folds.read(store.keys, store.revision(), store.read());
                compareWithFirstRead(follower.fold().catalog(), first.catalog());
            }
        }
        count("rereads", follower.reads() - 1);
    }

    private void cut(Cut cut) {
        history.next();
        switch (cut) {
            case AS_IT_COMES -> {}
            case WATCHED_ON -> history.next();
            case COMPACTED -> {
                store.compact(store.revision() - random.nextInt(2));
                history.next();
            }
            case RESTORED -> {
                store.restore(1 + random.nextLong(store.revision()));
                follower.restored();
                definition.forgetRevisions();
                history.next();
                history.next();
                count("restores", 1);
            }
        }
    }

    private void compare(Catalog before, Catalog fold, boolean sameHistory) {
        same(fold.revision(), store.revision());
        same(fold.registrations(), definition.registrations);
        same(fold.settings(), definition.settings);
        same(fold.routes(), definition.routes);
        same(fold.goodbyes(), definition.goodbyes);
        for (String service : List.of("web", "db")) {
            long at = fold.changedAt().getOrDefault(service, 0L);
            same(at <= fold.revision(), true);
            if (sameHistory) {
                same(at >= before.changedAt().getOrDefault(service, 0L), true);
                same(at > before.revision() || part(before, service).equals(part(fold, service)), true);
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
        same(fold.routes(), read.routes());
        same(fold.goodbyes(), read.goodbyes());
        count("kept though bad", (int) fold.registrations().keySet().stream()
                .filter(id -> isBad(fold, id))
                .count());
        same(comparable(fold, read, fold.registrations()), comparable(fold, read, read.registrations()));
    }

    /**
     * What a first read must say like the fold. It cannot know what was good before it turned bad, nor what that names as its
     * aliases: where there are any, nothing can be said.
     */
    static Map<InstanceId, Registration> comparable(Catalog fold, Catalog read, Map<InstanceId, Registration> of) {
        Map<InstanceId, Registration> comparable = new HashMap<>(of);
        boolean anyAlias = Stream.of(fold, read)
                .flatMap(each -> each.registrations().values().stream())
                .anyMatch(each -> !each.instance().aliases().isEmpty());
        boolean anyBad = fold.rejected().keySet().stream().anyMatch(key -> !key.contains("/gone/"));
        if (anyAlias && anyBad) {
            comparable.clear();
        }
        comparable.keySet().removeIf(id -> isBad(fold, id));
        return comparable;
    }

    private static boolean isBad(Catalog fold, InstanceId id) {
        return fold.rejected().containsKey("/services/" + id + "/")
                || fold.rejected().containsKey("/services/" + id)
                || fold.rejected().containsKey("/services/" + id.service() + "/instances/" + id.instance() + "/");
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
        seen.accept(what, more);
    }
}
