package dev.muster.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.testkit.Certificates;
import dev.muster.testkit.EtcdProcess;
import dev.muster.testkit.EtcdRecorder;
import dev.muster.testkit.EtcdRecorder.Change;
import dev.muster.testkit.MusterProcess;
import dev.muster.testkit.OnThisEngine;
import io.etcd.jetcd.ClientBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** etcd reads its certificate anew for every connection: one of another CA in its place shuts new connections out. */
@OnThisEngine
@Tag("fault-29")
class EtcdCertificateReplacedIT {

    private static final Duration TTL = Duration.ofSeconds(6);
    private static final String TOLD = "nobody in --etcd-ca vouches for its certificate";

    @TempDir
    private static Path folder;

    private static Path ours;
    private static Path others;
    private static AgentBed bed;
    private static MusterProcess agent;

    @BeforeAll
    static void start() throws IOException {
        ours = Files.createDirectory(folder.resolve("ours"));
        others = Files.createDirectory(folder.resolve("others"));
        Certificates authority = new Certificates(ours, "ca").issue("server", "IP:127.0.0.1");
        Certificates another = new Certificates(others, "ca").issue("server", "IP:127.0.0.1");
        show(ours);
        Path both = Files.writeString(
                folder.resolve("both.pem"),
                Files.readString(authority.authority()) + Files.readString(another.authority()));
        EtcdProcess etcd = EtcdProcess.start(
                        "--cert-file=" + folder.resolve("server.pem"), "--key-file=" + folder.resolve("server.key"))
                .ctlWith("--cacert=" + both);
        bed = new AgentBed(etcd, EtcdRecorder.of(etcd, client -> trusting(client, both)));
        bed.container("web01", "--label=muster.check=none");
        agent = bed.agent(TTL, "--etcd-ca=" + authority.authority()).awaitReady();
        bed.awaitPublished("web01");
    }

    @AfterAll
    static void stop() {
        bed.close();
    }

    private static ClientBuilder trusting(ClientBuilder client, Path authorities) {
        try {
            return client.sslContext(context -> context.trustManager(authorities.toFile()));
        } catch (SSLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What etcd shows from now on. */
    private static void show(Path whose) {
        try {
            for (String name : List.of("server.pem", "server.key")) {
                Files.copy(whose.resolve(name), folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @return the monotonic time at which etcd was back with a certificate that the agent does not trust */
    private static long restartWithAnothers(int from) {
        show(others);
        bed.etcd.kill();
        bed.etcd.startAgain();
        long back = System.nanoTime();
        bed.recorder.resume();
        await("told").atMost(TTL).until(() -> AgentBed.told(agent, from, TOLD) > 0);
        assertThat(agent.status("/health/ready")).isEqualTo(503);
        return back;
    }

    @Test
    void forAShortWhileNothingChanges() {
        int from = AgentBed.lines(agent);
        bed.recorder.clear();
        long back = restartWithAnothers(from);
        show(ours);
        agent.awaitReady();
        AgentBed.awaitSince(back, TTL.plusSeconds(2));
        assertThat(bed.recorder.all(bed.tree())).isEmpty();
        assertThat(bed.value(bed.key("web01", "state"))).isEqualTo("up");
        assertThat(AgentBed.told(agent, from, TOLD)).isOne();
    }

    @Test
    void beyondItsLeaseItsKeysExpireAndNobodySaysGoodbye() {
        int from = AgentBed.lines(agent);
        bed.recorder.clear();
        restartWithAnothers(from);
        bed.recorder.await(
                TTL.multipliedBy(2),
                "its expiry",
                change -> change.deleted() && change.key().equals(bed.key("web01", "owner")));
        show(ours);
        long shown = System.nanoTime();
        Change back = bed.recorder.await(
                Duration.ofSeconds(8),
                "it is back",
                change -> !change.deleted() && change.key().equals(bed.key("web01", "owner")));
        AgentBed.measured("the right certificate is shown, and published again", shown, back.nanos());
        assertThat(bed.recorder.all(bed.tree() + "gone/")).isEmpty();
        assertThat(AgentBed.told(agent, from, TOLD))
                .as("with its lease, and without")
                .isBetween(1L, 2L);
        agent.awaitReady();
    }
}
