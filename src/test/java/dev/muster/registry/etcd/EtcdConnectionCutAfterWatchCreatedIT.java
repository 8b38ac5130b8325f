package dev.muster.registry.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.testkit.WatchFrames;
import io.etcd.jetcd.Watch;
import io.etcd.jetcd.api.WatchResponse;
import io.etcd.jetcd.options.WatchOption;
import java.io.IOException;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A watch that has a backlog to bring is cut right after etcd said that it is created, three times in a row. */
@Tag("fault-26")
class EtcdConnectionCutAfterWatchCreatedIT {

    private static final int CUTS = 3;

    private final FeedRig rig = new FeedRig(FeedRig.patient(), () -> {});

    @AfterEach
    void stop() throws IOException {
        rig.close();
    }

    private void missSomethingAndBeCutWheneverAWatchIsCreated() {
        rig.proxy.stall();
        rig.unregister("web01");
        rig.register("web02", 18002);
        AtomicInteger left = new AtomicInteger(CUTS);
        Predicate<byte[]> created = WatchFrames.of(WatchResponse::getCreated);
        rig.proxy.cutAfter(frame -> created.test(frame) && left.getAndDecrement() > 0);
        rig.proxy.cut();
        rig.proxy.resume();
    }

    @Test
    void noEventIsLost() {
        rig.register("web01", 18001);
        rig.start();
        rig.awaitTruth();
        missSomethingAndBeCutWheneverAWatchIsCreated();
        rig.awaitTruth();
        assertThat(rig.catalog().registrations()).hasSize(1);
        assertThat(rig.proxy.cuts()).isEqualTo(CUTS);
        assertThat(rig.feed.rereads()).isEqualTo(1);
    }

    @Test
    void theSameCutsMakeABareWatchLoseTheBacklog() {
        rig.register("web01", 18001);
        Queue<String> seen = new ConcurrentLinkedQueue<>();
        WatchOption option = WatchOption.builder()
                .isPrefix(true)
                .withRevision(rig.etcd.revision() + 1)
                .build();
        try (var bare = rig.connection
                .client()
                .getWatchClient()
                .watch(
                        EtcdKeys.bytes("/services/"),
                        option,
                        Watch.listener(response -> response.getEvents()
                                .forEach(event -> seen.add(
                                        EtcdKeys.text(event.getKeyValue().getKey())))))) {
            rig.register("web03", 18003);
            await().until(() -> seen.contains("/services/web/web03/owner"));
            missSomethingAndBeCutWheneverAWatchIsCreated();
            await().until(() -> rig.proxy.cuts() == CUTS);
            await().atMost(Duration.ofSeconds(10)).until(() -> {
                rig.etcd.put("/services/web/later", "x");
                return seen.contains("/services/web/later");
            });
            assertThat(seen).doesNotContain("/services/web/web01/owner");
        }
    }
}
