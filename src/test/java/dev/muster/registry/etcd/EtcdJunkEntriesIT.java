package dev.muster.registry.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.model.InstanceId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Others write junk, huge values, halves, binary and wrong JSON below the prefix. */
@Tag("fault-28")
class EtcdJunkEntriesIT {

    private static final InstanceId WEB01 = new InstanceId("web", "web01");

    private final FeedRig rig = new FeedRig(FeedRig.quick(), () -> {});

    @AfterEach
    void stop() throws IOException {
        rig.close();
    }

    private void writeJunk() {
        byte[] binary = new byte[4096];
        new Random(1).nextBytes(binary);
        byte[] huge = "x".repeat(1_000_000).getBytes(StandardCharsets.UTF_8);
        rig.etcd.ctlWithInput(binary, "put", "/services/web/bin01/port");
        rig.etcd.ctlWithInput(binary, "put", "/services/web/setting");
        rig.etcd.ctlWithInput(huge, "put", "/services/web/huge01/attributes");
        rig.etcd.ctlWithInput(huge, "put", "/services/web/hugesetting");
        rig.etcd.put("/services/web/half01/host", "core-1");
        rig.etcd.put("/services/web/half01/public_ipv4_addr", "192.0.2.1");
        rig.etcd.put("/services/web/gone/web09", "{\"reason\":");
        rig.etcd.put("/services/we b/x/port", "1");
        rig.etcd.put("/services/web/../x", "1");
        rig.etcd.put("/services//", "1");
        rig.etcd.put("/services/web/bad01/private_ipv4_addr", "10.0.0.300");
        rig.etcd.put("/services/web/bad01/port", "80; rm -rf /");
        for (int i = 0; i < 200; i++) {
            rig.etcd.put("/services/web/" + "deep/".repeat(10) + i, "1");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void junkIsSetAsideAndTheOthersConverge(boolean before) {
        rig.register("web01", 18001);
        if (before) {
            writeJunk();
        }
        rig.start();
        if (!before) {
            assertThat(rig.catalog().rejected()).isEmpty();
            writeJunk();
        }
        rig.register("web02", 18002);
        rig.awaitTruth();
        assertThat(rig.catalog().registrations().keySet()).containsExactly(WEB01, new InstanceId("web", "web02"));
        assertThat(rig.catalog().settings()).isEmpty();
        assertThat(rig.catalog().rejected())
                .containsKeys(
                        "/services/web/bin01/",
                        "/services/web/setting",
                        "/services/web/huge01/",
                        "/services/web/hugesetting",
                        "/services/web/half01/",
                        "/services/web/gone/web09",
                        "/services/web/bad01/")
                .hasSizeGreaterThan(200);
        assertThat(rig.catalog().rejected().toString()).doesNotContain("xxxxxxxxxx".repeat(20));
        // A half that becomes whole is taken; one entry that turns bad keeps its last good value while its owner lives.
        rig.etcd.put("/services/web/half01/port", "18003");
        rig.etcd.put("/services/web/web01/port", "junk");
        await().until(() -> rig.catalog().rejected().containsKey("/services/web/web01/"));
        assertThat(rig.catalog().registrations().keySet())
                .containsExactly(new InstanceId("web", "half01"), WEB01, new InstanceId("web", "web02"));
        rig.register("web01", 18011);
        rig.etcd.ctl("del", "--prefix", "/services/web/deep/");
        rig.awaitTruth();
        assertThat(rig.catalog().registrations().values())
                .extracting(registration -> registration.instance().port())
                .containsExactly(18003, 18011, 18002);
        assertThat(rig.catalog().rejected()).hasSizeLessThan(20);
    }
}
