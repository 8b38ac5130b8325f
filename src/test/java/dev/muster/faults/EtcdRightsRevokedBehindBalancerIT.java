package dev.muster.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.testkit.DockerCli;
import dev.muster.testkit.EtcdProcess;
import dev.muster.testkit.EtcdRecorder;
import dev.muster.testkit.OnThisEngine;
import io.etcd.jetcd.ByteSequence;
import java.nio.charset.StandardCharsets;
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

    private static AgentBed bed;
    private static BalancerBed behind;

    @BeforeAll
    static void start() throws Exception {
        EtcdProcess etcd = EtcdProcess.start();
        etcd.ctl("user", "add", "root:root");
        etcd.ctl("user", "grant-role", "root", "root");
        etcd.ctl("role", "add", "watcher");
        etcd.ctl("role", "grant-permission", "--prefix=true", "watcher", "readwrite", "/muster/");
        etcd.ctl("role", "grant-permission", "--prefix=true", "watcher", "read", SERVICES);
        addUser(etcd);
        etcd.ctl("auth", "enable");
        etcd.ctlWith("--user=root:root");
        ByteSequence root = ByteSequence.from("root", StandardCharsets.UTF_8);
        bed = new AgentBed(
                etcd, EtcdRecorder.of(etcd, client -> client.user(root).password(root)));
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

    private static void addUser(EtcdProcess etcd) {
        etcd.ctl("user", "add", "watcher:root");
        etcd.ctl("user", "grant-role", "watcher", "watcher");
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
            DockerCli.docker("rm", "-f", begun);
            behind.awaitNotBalanced("begun");
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
        assertThatItIsKept(() -> bed.etcd.ctl("user", "delete", "watcher"), () -> addUser(bed.etcd));
    }
}
