package dev.muster.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.testkit.EtcdWithUsers;
import dev.muster.testkit.OnThisEngine;
import java.nio.file.Files;
import java.nio.file.Path;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a watcher may do in etcd is taken from it while it follows: seen from the balancer. */
@OnThisEngine
@Tag("fault-29")
class EtcdRightsRevokedBehindBalancerIT {

    private static final String SERVICES = "/services/";

    @TempDir
    private static Path folder;

    private static EtcdWithUsers users;
    private static AgentBed bed;
    private static BalancerBed behind;

    @BeforeAll
    static void start() throws Exception {
        users = EtcdWithUsers.start("watcher", "root", "read");
        bed = new AgentBed(users.etcd, users.recorder());
        Path password = Files.writeString(folder.resolve("password"), "root");
        String passwordFile = "--etcd-password-file=" + password;
        behind = new BalancerBed(
                bed,
                here -> here.agent(BalancerBed.TTL, "--etcd-user=root", passwordFile),
                (here, haproxy) -> here.watcher(haproxy, "--etcd-user=watcher", passwordFile));
    }

    @AfterAll
    static void stop() {
        behind.close();
    }

    /** Kept as it is, told once, and what began meanwhile follows when it is mended. */
    private static void assertThatItIsKept(Runnable revoke, Runnable mend) throws Exception {
        int from = AgentBed.lines(behind.watcher);
        behind.whileAsked(() -> {
            String begun;
            try {
                revoke.run();
                long revoked = System.nanoTime();
                begun = behind.container("begun");
                bed.awaitPublished("begun");
                Awaitility.await("the watcher has seen it")
                        .atMost(BalancerBed.BOUND)
                        .until(() -> behind.watcher.status("/health/ready") == 503);
                AgentBed.awaitSince(revoked, BalancerBed.TTL.multipliedBy(3));
                assertThat(AgentBed.told(behind.watcher, from, "the registry cannot be followed"))
                        .isOne();
            } finally {
                mend.run(); // whatever was seen, the next test finds it well
            }
            behind.watcher.awaitReady();
            behind.awaitBalanced("begun");
            behind.end(begun, "begun");
        });
    }

    @Test
    void theRoleMayNoLongerReadServices() throws Exception {
        assertThatItIsKept(
                () -> bed.etcd.ctl("role", "revoke-permission", "--prefix=true", "watcher", SERVICES),
                () -> bed.etcd.ctl("role", "grant-permission", "--prefix=true", "watcher", "read", SERVICES));
    }

    @Test
    void theUserIsDeleted() throws Exception {
        assertThatItIsKept(() -> bed.etcd.ctl("user", "delete", "watcher"), users::addUser);
    }
}
