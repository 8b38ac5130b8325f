package dev.muster.registry.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.config.EtcdConfig;
import dev.muster.registry.etcd.ClusterRig.Loss;
import dev.muster.registry.etcd.ClusterRig.Victim;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A member of three is lost, whom some ask first, and others who ask a follower of it, or a third one. */
@Tag("fault-20")
class EtcdMemberLostIT {

    private static ClusterRig rig;

    @BeforeAll
    static void start() {
        rig = new ClusterRig();
    }

    @AfterAll
    static void stop() {
        rig.close();
    }

    static Stream<Arguments> losses() {
        return Arrays.stream(Loss.values())
                .flatMap(loss -> Arrays.stream(Victim.values()).map(victim -> Arguments.of(loss, victim)));
    }

    @ParameterizedTest
    @MethodSource("losses")
    void nothingExpiresAndEverybodyGoesOnWithAnotherMember(Loss loss, Victim victim) throws Exception {
        boolean mayBeRevoked = loss == Loss.HANGS && victim == Victim.LEADER;
        // One that was silent comes back with a later term, which makes the others elect anew.
        int elections = (victim == Victim.LEADER ? 1 : 0) + (loss == Loss.FALLS_SILENT ? 1 : 0);
        Duration longestGap = mayBeRevoked ? ClusterRig.TTL : Duration.ZERO;
        assertThat(rig.during(loss, victim)).hasSize(3).allSatisfy(seen -> {
            assertThat(seen.losses()).as("leases given up").isLessThanOrEqualTo(mayBeRevoked ? 1 : 0);
            assertThat(seen.changes()).as("changes of the instance").isEmpty();
            assertThat(seen.gapAfterwards())
                    .as("an old etcd's leader that goes on may revoke leases; its owner is back at its next renewal")
                    .isLessThanOrEqualTo(longestGap);
            assertThat(seen.longestCall()).isLessThan(EtcdConfig.DEFAULT_TIMEOUT.plusMillis(500));
            assertThat(seen.longCalls())
                    .as("each call that was under way when a leader was lost: nobody answers it")
                    .isLessThanOrEqualTo(elections);
            assertThat(seen.followed()).isBetween(Duration.ofNanos(1), Duration.ofSeconds(6));
        });
    }

    @Test
    void onceNobodyRenewsAnyMoreTheyExpire() throws Exception {
        assertThat(rig.whenNobodyRenews()).isGreaterThan(Duration.ofSeconds(1));
    }
}
