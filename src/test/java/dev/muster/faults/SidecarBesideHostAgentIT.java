package dev.muster.faults;

import static dev.muster.testkit.DockerCli.docker;
import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.testkit.DockerCli;
import dev.muster.testkit.EtcdRecorder.Change;
import dev.muster.testkit.MusterProcess;
import dev.muster.testkit.OnThisEngine;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A sidecar and the agent of its host before one container, which each calls by another name: at no moment it has two
 * owners, and whoever has it keeps it until it goes.
 */
@OnThisEngine
@Tag("fault-14")
final class SidecarBesideHostAgentIT {

    private static final Duration TTL = Duration.ofSeconds(3);

    /** So short that whoever is refused asks again several times while the test looks on. */
    private static final String RESYNC = "--resync=1s";

    private final AgentBed bed = new AgentBed();
    private String name;
    private String byHost;
    private String byUnit;
    private String unit;

    @BeforeEach
    void name() {
        String stem = DockerCli.name("side");
        name = stem + "-01";
        unit = stem + "@01.service";
        byUnit = stem + "01";
        byHost = "host1-" + name;
    }

    @AfterEach
    void stop() {
        bed.close();
    }

    private String container(String... more) {
        String[] all = new String[more.length + 4];
        all[0] = "--name=" + name;
        all[1] = "-p=127.0.0.1::80";
        all[2] = "--label=muster.enable=true";
        all[3] = "--label=muster.service=" + bed.service;
        System.arraycopy(more, 0, all, 4, more.length);
        return bed.docker.run(all);
    }

    private MusterProcess host(String... more) {
        String[] all = new String[more.length + 1];
        all[0] = RESYNC;
        System.arraycopy(more, 0, all, 1, more.length);
        return bed.agent(TTL, all).awaitReady();
    }

    private MusterProcess sidecar() {
        return bed.sidecar(TTL, RESYNC, "--unit=" + unit).awaitReady();
    }

    private static long said(MusterProcess agent, String sentence) {
        return agent.log().lines().filter(line -> line.contains(sentence)).count();
    }

    private void awaitSaid(MusterProcess agent, String sentence) {
        Awaitility.await(sentence).atMost(Duration.ofSeconds(10)).until(() -> said(agent, sentence) == 1);
    }

    private Change taken(Duration within, String instance) {
        return bed.recorder.await(
                within,
                instance + " is taken",
                change -> !change.deleted() && change.key().equals(bed.key(instance, "owner")));
    }

    /** How many owners the bed's container had at most at one time. */
    private int mostOwners() {
        Set<String> there = new HashSet<>();
        int most = 0;
        for (Change change : bed.recorder.all(bed.tree())) {
            if (change.key().endsWith("/owner")) {
                if (change.deleted()) {
                    there.remove(change.key());
                } else {
                    there.add(change.key());
                }
                most = Math.max(most, there.size());
            }
        }
        return most;
    }

    @Test
    void whatIsLabelledIsTheSidecarsAndAllElseTheHosts() {
        MusterProcess host = host();
        container("--label=muster.agent=sidecar");
        bed.container("neighbour");
        bed.awaitPublished("neighbour");
        assertThat(bed.value(bed.key("neighbour", "owner"))).isEqualTo("host1");
        assertThat(bed.stored(bed.key(byHost, "")))
                .as("though nobody else has it")
                .isEmpty();

        MusterProcess sidecar = sidecar();
        bed.awaitPublished(byUnit);
        bed.recorder.clear();
        AgentBed.awaitSince(System.nanoTime(), TTL.multipliedBy(2));
        assertThat(bed.recorder.all(bed.tree())).isEmpty();
        assertThat(host.log() + sidecar.log()).doesNotContain("cannot be published");
        assertThat(bed.value(bed.key("neighbour", "owner"))).isEqualTo("host1");
    }

    @Test
    void whatTheHostsAgentHoldsIsLeftToItAndTakenWhenItGoes() {
        container();
        MusterProcess host = host();
        bed.awaitPublished(byHost);
        MusterProcess sidecar = sidecar();
        String sentence = bed.service + "/" + byUnit + " cannot be published: it is held by 'host1'";
        awaitSaid(sidecar, sentence);
        bed.recorder.clear();
        AgentBed.awaitSince(System.nanoTime(), TTL.multipliedBy(2));
        assertThat(bed.recorder.all(bed.tree()))
                .as("while the host's agent lives")
                .isEmpty();
        assertThat(said(sidecar, sentence)).as("said once").isEqualTo(1);

        host.kill();
        Change gone = bed.recorder.await(
                TTL.plusSeconds(3),
                "the key goes",
                change -> change.deleted() && change.key().equals(bed.key(byHost, "owner")));
        Change taken = taken(Duration.ofSeconds(5), byUnit);
        assertThat(taken.value()).isEqualTo("host1." + name);
        assertThat(AgentBed.measured("expired, then taken by the sidecar", gone.nanos(), taken.nanos()))
                .isLessThan(Duration.ofSeconds(1));
        assertThat(mostOwners()).isEqualTo(1);
    }

    @Test
    void whatASidecarIsThereForIsLeftToItThroughEveryRestartAndTakenWhenItGoes() {
        MusterProcess sidecar = sidecar();
        MusterProcess host = host();
        String id = container();
        bed.awaitPublished(byUnit);
        String sentence = bed.service + "/" + byHost + " cannot be published: it is held by 'host1." + name + "'";
        awaitSaid(host, sentence);
        for (int i = 0; i < 4; i++) {
            bed.recorder.clear();
            docker("restart", "-t", "1", id);
            taken(Duration.ofSeconds(20), byUnit);
            assertThat(bed.recorder.all(bed.key(byHost, ""))).isEmpty();
        }
        docker("rm", "-f", id);
        bed.recorder.await(
                Duration.ofSeconds(10),
                "it leaves",
                change -> change.deleted() && change.key().equals(bed.key(byUnit, "owner")));
        bed.recorder.clear();
        container();
        taken(Duration.ofSeconds(10), byUnit);

        sidecar.kill();
        taken(TTL.plusSeconds(5), byHost);
        assertThat(bed.value(bed.key(byHost, "owner"))).isEqualTo("host1");
        assertThat(mostOwners()).isEqualTo(1);
    }
}
