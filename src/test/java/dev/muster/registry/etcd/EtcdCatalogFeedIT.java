package dev.muster.registry.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.model.Catalog;
import dev.muster.testkit.WatchFrames;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class EtcdCatalogFeedIT {

    private FeedRig rig = new FeedRig(FeedRig.quick(), () -> {});

    @AfterEach
    void stop() throws IOException {
        rig.close();
    }

    private void awaitUnsynced() {
        await("not synced")
                .atMost(Duration.ofSeconds(5))
                .until(() -> !rig.view().synced());
    }

    @Test
    void itReadsThenFollowsAndTellsOnlyWhatIsNew() {
        rig.register("web01", 18001);
        assertThat(rig.feed.view()).isEmpty();
        rig.start();
        rig.awaitTruth();
        assertThat(rig.catalog().registrations()).hasSize(1);
        rig.register("web02", 18002);
        rig.unregister("web01");
        rig.etcd.put("/services/web/dns_ttl", "60");
        rig.awaitTruth();
        assertThat(rig.catalog().registrations()).hasSize(1);
        assertThat(rig.feed.rereads()).isEqualTo(1);
        int told = rig.told.get();
        long nanos = rig.view().receivedNanos();
        rig.etcd.put("/services/web/dns_ttl", "60");
        await().until(() -> rig.catalog().revision() == rig.etcd.revision());
        assertThat(rig.told.get()).isEqualTo(told);
        assertThat(rig.view().receivedNanos()).isEqualTo(nanos);
        rig.etcd.put("/services/web/dns_ttl", "61");
        await().until(() -> rig.told.get() == told + 1);
        assertThat(rig.view().receivedNanos()).isGreaterThan(nanos);
    }

    @Test
    void anEtcdThatDiesLeavesTheCatalogAsItWasAndIsFollowedWhenItIsBack() {
        rig.register("web01", 18001);
        rig.start();
        Catalog before = rig.catalog();
        assertThat(rig.feed.staleSince()).isEmpty();
        rig.etcd.kill();
        awaitUnsynced();
        assertThat(rig.catalog().registrations())
                .isEqualTo(before.registrations())
                .hasSize(1);
        assertThat(rig.feed.staleSince()).isPresent();
        rig.etcd.startAgain();
        rig.awaitSynced();
        rig.register("web02", 18002);
        rig.awaitTruth();
        assertThat(rig.catalog().registrations()).hasSize(2);
        assertThat(rig.view().unsettledUntil()).isEqualTo(Instant.MIN);
        assertThat(rig.feed.staleSince()).isEmpty();
    }

    @Test
    void anEtcdThatHangsIsNoticedWithinSeconds() {
        rig.register("web01", 18001);
        rig.start();
        rig.etcd.pause();
        awaitUnsynced();
        assertThat(rig.catalog().registrations()).hasSize(1);
        rig.etcd.unpause();
        rig.awaitSynced();
        rig.register("web02", 18002);
        rig.awaitTruth();
    }

    @Test
    void whatWasWipedIsNotTakenForGoneBeforeItsOwnersHadTimeToComeBack() {
        rig.register("web01", 18001);
        rig.register("web02", 18002);
        rig.start();
        assertThat(rig.view().unsettledUntil()).isEqualTo(Instant.MIN);
        Instant before = Instant.now();
        rig.etcd.wipe();
        await("unsettled")
                .atMost(Duration.ofSeconds(15))
                .until(() -> rig.view().unsettledUntil().isAfter(before.plusSeconds(30)));
        rig.awaitTruth();
        assertThat(rig.catalog().registrations()).isEmpty();
        rig.register("web01", 18001);
        rig.awaitTruth();
        assertThat(rig.catalog().registrations()).hasSize(1);
    }

    @Test
    void anotherClusterAtTheSameAddressIsNoticedWhateverItsRevision() {
        rig.register("web01", 18001);
        rig.start();
        rig.proxy.refuse();
        rig.etcd.wipe("second");
        await("the other way in")
                .ignoreExceptions()
                .until(() -> rig.truth().registrations().isEmpty());
        for (int i = 0; i < 20; i++) {
            rig.register("web02", 18002 + i);
        }
        rig.proxy.resume();
        await("unsettled")
                .atMost(Duration.ofSeconds(15))
                .until(() -> !rig.view().unsettledUntil().equals(Instant.MIN));
        rig.awaitTruth();
    }

    @Test
    void aSnapshotInPagesIsOfOneRevisionAlsoWhenItIsCompactedAway() throws IOException {
        rig.close();
        AtomicInteger pages = new AtomicInteger();
        AtomicInteger compactions = new AtomicInteger();
        rig = new FeedRig(
                new EtcdCatalogFeed.Timing(Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofHours(1), 7),
                () -> {
                    pages.incrementAndGet();
                    if (compactions.incrementAndGet() <= 2) {
                        rig.unregister("web0" + compactions.get());
                        rig.etcd.compact();
                    }
                });
        for (int i = 1; i <= 9; i++) {
            rig.register("web0" + i, 18000 + i);
        }
        rig.start();
        rig.awaitTruth();
        assertThat(rig.catalog().registrations()).hasSize(7);
        assertThat(pages.get()).isEqualTo(2);
        assertThat(rig.feed.rereads()).isEqualTo(1);
    }

    /** etcd takes a watch from the very revision that it was compacted at, though what was deleted there is forgotten. */
    @Test
    @Tag("fault-25")
    void aDeletionThatWasCompactedAwayIsNotMissed() throws IOException {
        rig.close();
        rig = new FeedRig(FeedRig.patient(), () -> {});
        rig.register("web01", 18001);
        rig.register("web02", 18002);
        rig.start();
        rig.awaitTruth();
        rig.proxy.stall();
        rig.unregister("web01");
        rig.etcd.compact();
        rig.proxy.cut();
        rig.proxy.resume();
        rig.awaitTruth();
        assertThat(rig.catalog().registrations()).hasSize(1);
        assertThat(rig.feed.rereads()).isEqualTo(2);
    }

    @Test
    void aWatchThatFellSilentIsMadeAnewAndLosesNothing() throws IOException {
        rig.close();
        rig = new FeedRig(
                new EtcdCatalogFeed.Timing(Duration.ofMillis(200), Duration.ofSeconds(1), Duration.ofSeconds(1), 1000),
                () -> {});
        rig.register("web01", 18001);
        rig.start();
        rig.proxy.drop(WatchFrames.of(response -> response.getEventsCount() > 0));
        rig.register("web02", 18002);
        await().during(Duration.ofMillis(500)).until(() -> !rig.equalsTruth());
        assertThat(rig.view().synced()).isTrue();
        rig.proxy.drop(frame -> false);
        rig.awaitTruth();
        assertThat(rig.catalog().registrations()).hasSize(2);
        assertThat(rig.feed.rereads()).isEqualTo(1);
        assertThat(rig.feed.rewatches()).isPositive();
    }
}
