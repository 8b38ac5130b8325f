package dev.muster.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.testkit.DockerCli;
import dev.muster.testkit.EtcdWithUsers;
import dev.muster.testkit.MusterProcess;
import dev.muster.testkit.OnThisEngine;
import dev.muster.testkit.TcpProxy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** While it runs, an agent's user may no longer do what it needs, or is no longer anybody: told, kept, and mended alone. */
@OnThisEngine
@Tag("fault-29")
class EtcdRightsRevokedIT {

    private static final Duration TTL = Duration.ofSeconds(3);
    private static final Duration RESYNC = Duration.ofSeconds(1);
    private static final String PASSWORD = "correct-horse";
    private static final String NOBODY =
            "agent: failed: read the lease's keys: etcd refuses: user or password is wrong";

    @TempDir
    private static Path folder;

    private static EtcdWithUsers users;
    private static TcpProxy way;
    private static AgentBed bed;
    private static MusterProcess agent;
    private static Path passwordFile;
    private static String begun = "";

    @BeforeAll
    static void start() throws Exception {
        users = EtcdWithUsers.start("muster", PASSWORD, "readwrite");
        way = new TcpProxy(users.etcd.port());
        bed = new AgentBed(users.etcd, users.recorder(), way);
        passwordFile = Files.writeString(folder.resolve("password"), PASSWORD);
        bed.container("web01", "--label=muster.check=none");
        agent = bed.agent(
                        TTL,
                        "--resync=" + RESYNC.toSeconds() + "s",
                        "--etcd-user=muster",
                        "--etcd-password-file=" + passwordFile)
                .awaitReady();
        bed.awaitPublished("web01");
    }

    @AfterAll
    static void stop() {
        bed.close();
    }

    private static void setPassword(String password) {
        bed.etcd.ctlWithInput(
                (password + "\n").getBytes(StandardCharsets.UTF_8), "user", "passwd", "--interactive=false", "muster");
    }

    private static void write(String password) {
        try {
            Files.writeString(passwordFile, password);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Something happens while it is not allowed to be written; nothing is lost, and once all is mended it follows.
     *
     * @param told exactly once
     */
    private static void assertThatItIsKept(Runnable revoke, Runnable mend, String told) {
        String ends = bed.container("web02", "--label=muster.check=none");
        bed.awaitPublished("web02");
        String before = bed.stored(bed.tree());
        int from = AgentBed.lines(agent);
        bed.recorder.clear();
        try {
            revoke.run();
            long revoked = System.nanoTime();
            begun = bed.container("web03", "--label=muster.check=none");
            DockerCli.docker("rm", "-f", ends);
            AgentBed.awaitSince(revoked, TTL.multipliedBy(3));
            assertThat(bed.recorder.all(bed.tree())).isEmpty();
            assertThat(bed.stored(bed.tree())).isEqualTo(before).isNotEmpty();
            assertThat(agent.status("/health/ready")).isEqualTo(503);
            assertThat(agent.page("/metrics")).containsPattern("(?m)^muster_retries_total\\S* [1-9]");
            assertThat(AgentBed.told(agent, from, told)).isOne();
        } finally {
            mend.run(); // whatever was seen, the next test finds it well
        }
        long mended = System.nanoTime();
        await("alone")
                .atMost(Duration.ofSeconds(5))
                .until(() -> bed.value(bed.key("web03", "state")).equals("up")
                        && bed.value(bed.key("web02", "owner")).isEmpty());
        AgentBed.measured("mended, and all as it should be", mended, System.nanoTime());
        agent.awaitReady();
        AgentBed.awaitSince(mended, TTL.plusSeconds(1));
        assertThat(bed.recorder.all(bed.key("web01", ""))).isEmpty();
        assertThat(bed.recorder.all(bed.tree() + "gone/web02"))
                .as("it was meant")
                .hasSize(1);
        assertThat(AgentBed.told(agent, from, told)).isOne();
        assertThat(AgentBed.told(agent, from, " WARN ")).as("all its warnings").isLessThan(10);
    }

    @AfterEach
    void endWhatBegan() {
        DockerCli.docker("rm", "-f", begun);
        await().until(() -> bed.value(bed.key("web03", "owner")).isEmpty());
    }

    @Test
    void itsRoleMayNoLongerReadAndWriteTheServices() {
        assertThatItIsKept(
                () -> bed.etcd.ctl("role", "revoke-permission", "--prefix=true", "muster", "/services/"),
                () -> bed.etcd.ctl("role", "grant-permission", "--prefix=true", "muster", "readwrite", "/services/"),
                "agent: failed: read the lease's values: etcd refuses: this user may not do that");
    }

    @Test
    void itsUserIsDeleted() {
        assertThatItIsKept(() -> bed.etcd.ctl("user", "delete", "muster"), users::addUser, NOBODY);
    }

    /** A stream that is open goes on without asking who it is; a new one does, and so the lease is renewed as nobody. */
    @Test
    void itsUserIsDeletedAndThenItsConnectionsAreCut() {
        int from = AgentBed.lines(agent);
        assertThatItIsKept(
                () -> {
                    bed.etcd.ctl("user", "delete", "muster");
                    await("its token is no longer good").until(() -> AgentBed.told(agent, from, NOBODY) == 1);
                    way.cut();
                },
                users::addUser,
                NOBODY);
    }

    @Test
    void itsUserHasAnotherPassword() {
        assertThatItIsKept(() -> setPassword("another"), () -> setPassword(PASSWORD), NOBODY);
    }

    @Test
    void itsUserHasAnotherPasswordAndSoHasItsFileAfterItWasHalfWritten() {
        String told = "--etcd-password-file '%s': ".formatted(passwordFile);
        int from = AgentBed.lines(agent);
        try {
            assertThatItIsKept(
                    () -> {
                        write("");
                        setPassword("another");
                    },
                    () -> write("another"),
                    NOBODY);
        } finally {
            write(PASSWORD);
            setPassword(PASSWORD);
        }
        assertThat(AgentBed.told(agent, from, told)).isOne();
        bed.container("web04", "--label=muster.check=none");
        bed.awaitPublished("web04");
        agent.awaitReady();
    }
}
