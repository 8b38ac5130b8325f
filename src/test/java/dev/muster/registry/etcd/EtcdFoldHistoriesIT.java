package dev.muster.registry.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.model.Catalog;
import dev.muster.registry.RegistryException;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.options.DeleteOption;
import io.etcd.jetcd.options.PutOption;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The histories of {@link CatalogFoldHistoriesTest} in a real etcd, with a watch that is cut, and compactions. */
class EtcdFoldHistoriesIT {

    private static final long SEED = Long.getLong("muster.seed", System.nanoTime());
    private static final int ROUNDS = Integer.getInteger("muster.rounds", 40);

    /** What befalls the connection in a round. Each comes in a fixed share of the rounds, in an order by chance. */
    private enum Fault {
        NONE,
        CUT,
        CUT_UNTIL_COMPACTED
    }

    private final Random random = new Random(SEED);
    private final SampleStore store = new SampleStore();
    private final RandomHistory history = new RandomHistory(random, store);
    private final FeedRig rig = new FeedRig(
            new EtcdCatalogFeed.Timing(Duration.ofMillis(200), Duration.ofSeconds(1), Duration.ofSeconds(1), 7),
            () -> {});

    @AfterEach
    void stop() throws IOException {
        rig.close();
    }

    @Test
    void theCatalogEqualsAReadWhateverHappens() {
        System.out.println("EtcdFoldHistoriesIT: -Dmuster.seed=" + SEED);
        rig.start();
        try {
            for (Fault fault : faults()) {
                round(fault);
                await("the catalog has caught up")
                        .atMost(Duration.ofSeconds(15))
                        .pollInterval(Duration.ofMillis(5))
                        .ignoreExceptionsMatching(failure -> failure.getCause() instanceof RegistryException)
                        .until(() -> rig.view().synced()
                                && rig.catalog().revision() >= rig.truth().revision());
                compare(rig.catalog(), rig.truth());
            }
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError("-Dmuster.seed=" + SEED, e);
        }
        assertThat(rig.feed.rewatches()).isGreaterThan(ROUNDS / 6);
        assertThat(rig.feed.rereads()).isGreaterThan(ROUNDS / 20);
        assertThat(rig.feed.events()).isGreaterThan(ROUNDS);
    }

    /** In three rounds of eight the connection is cut, in one of these three until etcd has forgotten what was missed. */
    private List<Fault> faults() {
        List<Fault> faults = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            faults.add(
                    switch (round % 8) {
                        case 0 -> Fault.CUT_UNTIL_COMPACTED;
                        case 1, 2 -> Fault.CUT;
                        default -> Fault.NONE;
                    });
        }
        Collections.shuffle(faults, random);
        return faults;
    }

    /** Some transactions, in the midst of which the fault strikes. */
    private void round(Fault fault) {
        int transactions = 1 + random.nextInt(6);
        int struck = random.nextInt(transactions);
        for (int i = 0; i < transactions; i++) {
            if (i == struck) {
                switch (fault) {
                    case CUT_UNTIL_COMPACTED -> rig.proxy.refuse();
                    case CUT -> rig.proxy.cut();
                    case NONE -> {}
                }
            }
            write(history.next());
        }
        if (fault == Fault.CUT_UNTIL_COMPACTED) {
            // The last revision before is where a watch may go on; and some transactions change nothing.
            for (int missed = 0; missed < 2; ) {
                List<KeyChange> changes = history.next();
                write(changes);
                missed += changes.isEmpty() ? 0 : 1;
            }
            rig.etcd.compact();
            rig.proxy.resume();
        }
    }

    private void write(List<KeyChange> changes) {
        if (changes.isEmpty()) {
            return;
        }
        Op[] ops = changes.stream()
                .map(change -> change.value() == null
                        ? Op.delete(EtcdKeys.bytes(change.key()), DeleteOption.DEFAULT)
                        : Op.put(EtcdKeys.bytes(change.key()), EtcdKeys.bytes(change.value()), PutOption.DEFAULT))
                .toArray(Op[]::new);
        try {
            rig.beside.call(
                    "write", client -> client.getKVClient().txn().Then(ops).commit());
        } catch (RegistryException e) {
            throw new AssertionError(e);
        }
    }

    /** A first read cannot know what was good before it turned bad. */
    private static void compare(Catalog seen, Catalog read) {
        assertThat(seen.settings()).isEqualTo(read.settings());
        assertThat(seen.goodbyes()).isEqualTo(read.goodbyes());
        assertThat(seen.rejected().keySet()).isEqualTo(read.rejected().keySet());
        assertThat(FoldHistory.comparable(seen, read, seen.registrations()))
                .isEqualTo(FoldHistory.comparable(seen, read, read.registrations()));
    }
}
