package dev.muster.registry.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The feed is cut off, etcd goes on and compacts what the feed has not seen, and the feed comes back. */
@Tag("fault-25")
class EtcdCompactedPastWatchIT {

    private final FeedRig rig = new FeedRig(FeedRig.patient(), () -> {});

    @BeforeEach
    void start() {
        for (int i = 1; i <= 5; i++) {
            rig.register("web0" + i, 18000 + i);
        }
        rig.start();
        rig.awaitTruth();
    }

    @AfterEach
    void stop() throws IOException {
        rig.close();
    }

    private void changeUnseen() {
        rig.proxy.stall();
        rig.unregister("web01");
        rig.register("web02", 19002);
        rig.register("web06", 18006);
        assertThat(rig.equalsTruth()).isFalse();
    }

    private void comeBack() {
        rig.proxy.cut();
        rig.proxy.resume();
    }

    @Test
    void aFreshSnapshotTakesThePlaceOfWhatWasCompacted() {
        changeUnseen();
        rig.etcd.compact();
        comeBack();
        rig.awaitTruth();
        assertThat(rig.catalog().registrations()).hasSize(5);
        assertThat(rig.feed.rereads()).isEqualTo(2);
    }

    @Test
    void withoutACompactionTheWatchAloneBringsWhatWasMissed() {
        changeUnseen();
        comeBack();
        rig.awaitTruth();
        assertThat(rig.catalog().registrations()).hasSize(5);
        assertThat(rig.feed.rereads()).isEqualTo(1);
    }
}
