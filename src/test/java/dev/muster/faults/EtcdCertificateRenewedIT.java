package dev.muster.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.testkit.Certificates;
import dev.muster.testkit.DockerCli;
import dev.muster.testkit.EtcdProcess;
import dev.muster.testkit.EtcdRecorder;
import dev.muster.testkit.MusterProcess;
import dev.muster.testkit.OnThisEngine;
import io.etcd.jetcd.ClientBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificates that live for a short time: a running agent's are replaced on disk, and etcd takes those of the new authority alone. */
@OnThisEngine
@Tag("fault-29")
class EtcdCertificateRenewedIT {

    private static final Duration TTL = Duration.ofSeconds(6);
    private static final String TAKEN = "certificates or password for etcd were renewed";

    @TempDir
    private static Path folder;

    private static List<Path> authorities;
    private static Path now;
    private static AgentBed bed;
    private static MusterProcess agent;
    private String before;
    private int from;

    @BeforeAll
    static void start() throws IOException {
        authorities = List.of(authority("first"), authority("second"));
        now = authorities.getFirst();
        renew("ca.pem", "server.pem", "server.key", "client.pem", "client.key");
        EtcdProcess etcd = EtcdProcess.start(
                "--cert-file=" + folder.resolve("server.pem"),
                "--key-file=" + folder.resolve("server.key"),
                "--trusted-ca-file=" + folder.resolve("ca.pem"),
                "--client-cert-auth");
        bed = new AgentBed(known(etcd), EtcdRecorder.of(etcd, EtcdCertificateRenewedIT::known));
        bed.container("web01", "--label=muster.check=none");
        agent = bed.agent(
                        TTL,
                        "--etcd-ca=" + folder.resolve("ca.pem"),
                        "--etcd-cert=" + folder.resolve("client.pem"),
                        "--etcd-key=" + folder.resolve("client.key"))
                .awaitReady();
        bed.awaitPublished("web01");
    }

    @AfterAll
    static void stop() {
        bed.close();
    }

    @BeforeEach
    void look() {
        before = bed.stored(bed.key("web01", ""));
        from = AgentBed.lines(agent);
        bed.recorder.clear();
    }

    private static Path authority(String name) throws IOException {
        Path its = Files.createDirectory(folder.resolve(name));
        new Certificates(its, "ca").issue("server", "IP:127.0.0.1").issue("client", "DNS:client");
        return its;
    }

    private static EtcdProcess known(EtcdProcess etcd) {
        return etcd.ctlWith(
                "--cacert=" + now.resolve("ca.pem"),
                "--cert=" + now.resolve("client.pem"),
                "--key=" + now.resolve("client.key"));
    }

    private static ClientBuilder known(ClientBuilder client) {
        try {
            return client.sslContext(
                    context -> context.trustManager(now.resolve("ca.pem").toFile())
                            .keyManager(
                                    now.resolve("client.pem").toFile(),
                                    now.resolve("client.key").toFile()));
        } catch (SSLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The files of the authority that counts now come in the place of the others, as those who renew them do it. */
    private static void renew(String... names) throws IOException {
        for (String name : names) {
            Path copy = Files.copy(now.resolve(name), folder.resolve(name + ".new"));
            Files.move(copy, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
        }
    }

    /** From now on etcd shows a certificate of the other authority, and trusts no one else's. @return since when, monotonic */
    private static long restartWithTheOtherAuthority() throws IOException {
        bed.etcd.kill();
        now = authorities.get(1 - authorities.indexOf(now));
        renew("ca.pem", "server.pem", "server.key");
        known(bed.etcd).startAgain();
        bed.recorder.resume();
        return System.nanoTime();
    }

    private void assertThatItIsBackAndNothingHasChanged(long back) {
        String begun = bed.container("web02", "--label=muster.check=none");
        await("back within its lease")
                .atMost(TTL)
                .until(() -> bed.value(bed.key("web02", "state")).equals("up"));
        AgentBed.measured("etcd and the files are renewed, and the agent publishes", back, System.nanoTime());
        AgentBed.awaitSince(back, TTL.plusSeconds(2));
        DockerCli.docker("rm", "-f", begun);
        await().until(() -> bed.value(bed.key("web02", "owner")).isEmpty());
        assertThat(bed.recorder.all(bed.key("web01", ""))).isEmpty();
        assertThat(bed.stored(bed.key("web01", ""))).isEqualTo(before).isNotEmpty();
        assertThat(AgentBed.told(agent, from, TAKEN))
                .as("the authority, then the certificate and its key")
                .isBetween(1L, 2L);
        agent.awaitReady();
    }

    @Test
    void renewedOnDiskTheyAreTakenAndNoKeyChanges() throws IOException {
        String lease = bed.leaseOf("host1");
        long back = restartWithTheOtherAuthority();
        renew("client.pem", "client.key");
        assertThatItIsBackAndNothingHasChanged(back);
        assertThat(bed.leaseOf("host1")).isEqualTo(lease);
    }

    @Test
    void halfWrittenOnesAreToldOnceAndTheFormerStayInUse() throws IOException {
        Path key = folder.resolve("client.key");
        Files.writeString(key, Files.readString(key).substring(0, 60));
        String told = "--etcd-key '%s': ".formatted(key);
        bed.etcd.kill();
        await("missed").atMost(TTL).until(() -> AgentBed.told(agent, from, "does not answer") > 0);
        bed.etcd.startAgain();
        bed.recorder.resume();
        await("it goes on with the former")
                .atMost(TTL)
                .until(() -> AgentBed.told(agent, from, "Reconnect: etcd at " + bed.etcd.endpoint() + " answers") > 0);
        await("told").atMost(TTL).until(() -> AgentBed.told(agent, from, told) > 0);
        assertThat(AgentBed.told(agent, from, TAKEN))
                .as("of the former authority")
                .isZero();

        restartWithTheOtherAuthority();
        renew("client.pem");
        await("missed again").atMost(TTL).until(() -> AgentBed.told(agent, from, "does not answer") > 1);
        assertThat(AgentBed.told(agent, from, told)).isOne();
        renew("client.key");
        assertThatItIsBackAndNothingHasChanged(System.nanoTime());
        assertThat(AgentBed.told(agent, from, told)).isOne();
    }
}
