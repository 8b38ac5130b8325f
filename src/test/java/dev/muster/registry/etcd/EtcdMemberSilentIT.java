package dev.muster.registry.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.testkit.EtcdCluster;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Its packets are dropped, those to and from the other members too: it runs, and nobody hears of it. */
@Tag("fault-20")
class EtcdMemberSilentIT {

    private static ClusterRig rig;

    @BeforeAll
    static void start() {
        rig = new ClusterRig(EtcdCluster.startLinked());
    }

    @AfterAll
    static void stop() throws Exception {
        rig.close();
    }

    @ParameterizedTest
    @EnumSource
    void nothingExpiresAndEverybodyGoesOnWithAnotherMember(ClusterRig.Case which) throws Exception {
        ClusterRig.Seen seen = rig.during(
                which,
                member -> {
                    rig.cluster.silence(member);
                    assertThat(member.isHealthy())
                            .as("it runs, and reaches no quorum")
                            .isFalse();
                },
                rig.cluster::unsilence);

        assertThat(seen.changes()).as("changes of the instance").isEmpty();
        assertThat(seen.gapAfterwards()).isZero();
        assertThat(seen.longestCall()).isLessThan(Duration.ofSeconds(4));
        assertThat(seen.followed()).isBetween(Duration.ofNanos(1), Duration.ofSeconds(6));
        assertThat(seen.expiredAfter()).as("nobody renews").isGreaterThan(Duration.ofSeconds(1));
    }
}
