package dev.muster.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.testkit.MusterProcess;
import dev.muster.testkit.OnThisEngine;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A person with etcdctl, on what an agent has published: repaired within one resync, and told once. */
@OnThisEngine
class EtcdKeysChangedByHandIT {

    private static final Duration TTL = Duration.ofSeconds(3);
    private static final Duration RESYNC = Duration.ofSeconds(1);
    private static final Duration REPAIRED = RESYNC.plusSeconds(3);
    private static final String RECORD = "/muster/agents/host1";
    private static final String CHANGED = "web01: what is stored was changed by somebody (";

    private static AgentBed bed;
    private static MusterProcess agent;

    @BeforeAll
    static void start() {
        bed = new AgentBed();
        bed.container("web01", "--label=muster.check=none");
        bed.container("web02", "--label=muster.check=none");
        agent = startAgent();
        bed.awaitPublished("web01");
        bed.awaitPublished("web02");
    }

    private static MusterProcess startAgent() {
        return bed.agent(TTL, "--resync=" + RESYNC.toSeconds() + "s").awaitReady();
    }

    @AfterAll
    static void stop() {
        bed.close();
    }

    /**
     * @param act by hand, on an instance whose keys start like this
     * @param told of it
     */
    record Hand(String name, Consumer<String> act, String told) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Hand> hands() {
        String record = "its record " + RECORD;
        return List.of(
                new Hand("a field is deleted", key -> ctl("del", key + "port"), CHANGED),
                new Hand("the owner is deleted", key -> ctl("del", key + "owner"), CHANGED),
                new Hand("all of it is deleted", key -> ctl("del", "--prefix", key), CHANGED),
                new Hand("a field is put", key -> ctl("put", key + "port", "9"), CHANGED),
                new Hand("a field is put as it was", key -> ctl("put", key + "state", "up"), CHANGED),
                new Hand("a field is put under its lease", key -> ctl("put", lease(), key + "port", "9"), CHANGED),
                new Hand(
                        "the owner is put as another's",
                        key -> ctl("put", key + "owner", "somebody"),
                        "web01: taken over, since its owner 'somebody' is gone"),
                new Hand(
                        "the owner is put as another's under its lease",
                        key -> ctl("put", lease(), key + "owner", "somebody"),
                        CHANGED),
                new Hand(
                        "an instance is put under its lease",
                        key -> ctl("put", lease(), key.replace("web01", "web09") + "port", "9"),
                        "web09: what is stored was changed by somebody ("),
                new Hand(
                        "something is put under its lease",
                        key -> ctl("put", lease(), "/elsewhere", "9"),
                        "1 keys that belong to no registration deleted"),
                new Hand("the record is deleted", key -> ctl("del", RECORD), record + " was removed by somebody"),
                new Hand(
                        "the record is put",
                        key -> ctl("put", RECORD, "junk"),
                        record + " was overwritten by somebody"),
                new Hand(
                        "the record is put under its lease",
                        key -> ctl("put", lease(), RECORD, "{}"),
                        record + " was overwritten by somebody"),
                new Hand(
                        "the record is put as it was",
                        key -> ctl("put", RECORD, bed.value(RECORD)),
                        record + " was overwritten by somebody"));
    }

    private static void ctl(String... arguments) {
        bed.etcd.ctl(arguments);
    }

    private static String lease() {
        return "--lease=" + bed.leaseOf("host1");
    }

    /** All that an agent has written of what it holds now, and its leases, without revisions. */
    private static String held() {
        return List.of(bed.tree() + "web", RECORD, "/elsewhere").stream()
                .map(bed::stored)
                .reduce("", String::concat)
                .replaceAll("(?m)^\"ModRevision\".*\n", "");
    }

    @ParameterizedTest
    @MethodSource("hands")
    void itIsRepairedWithinOneResyncAndToldOnce(Hand hand) {
        String before = held();
        String other = bed.stored(bed.key("web02", ""));
        int from = AgentBed.lines(agent);
        bed.recorder.clear();
        hand.act.accept(bed.key("web01", ""));
        long changed = System.nanoTime();
        assertThat(bed.recorder.all()).as("the change").isNotEmpty();
        await("repaired").atMost(REPAIRED).until(() -> held().equals(before));
        AgentBed.measured(hand + ", and repaired", changed, System.nanoTime());
        AgentBed.awaitSince(System.nanoTime(), RESYNC.multipliedBy(3).dividedBy(2));
        assertThat(held()).isEqualTo(before);
        assertThat(bed.stored(bed.key("web02", ""))).as("its neighbour").isEqualTo(other);
        assertThat(AgentBed.told(agent, from, hand.told)).isOne();
        assertThat(AgentBed.told(agent, from, " ERROR ")).isZero();
        assertThat(AgentBed.told(agent, from, bed.service))
                .as("what it says, and what it does about it")
                .isLessThanOrEqualTo(2);
    }

    @Test
    void itsLeaseIsRevokedAndEverythingComesBackUnderAnother() {
        String before = bed.values(bed.tree() + "web");
        String lease = bed.leaseOf("host1");
        int from = AgentBed.lines(agent);
        ctl("lease", "revoke", lease);
        long revoked = System.nanoTime();
        assertThat(bed.recorder.all(bed.key("web01", "owner")).getLast().deleted())
                .isTrue();
        await("published again")
                .atMost(TTL.dividedBy(3).plusSeconds(4))
                .until(() -> bed.values(bed.tree() + "web").equals(before));
        AgentBed.measured("lease revoked, and published again", revoked, System.nanoTime());
        assertThat(bed.leaseOf("host1")).isNotEqualTo(lease);
        AgentBed.awaitSince(revoked, TTL.plusSeconds(1));
        assertThat(bed.values(bed.tree() + "web")).isEqualTo(before);
        assertThat(AgentBed.told(agent, from, "lease " + lease + " is lost: etcd says that it is gone"))
                .isOne();
        assertThat(AgentBed.told(agent, from, "changed by somebody")).isZero();
    }

    @Test
    void itsLeaseIsRevokedWhileItStandsStill() {
        String before = bed.values(bed.tree() + "web");
        int from = AgentBed.lines(agent);
        agent.pause();
        ctl("lease", "revoke", bed.leaseOf("host1"));
        assertThat(bed.values(bed.tree() + "web")).isEmpty();
        agent.unpause();
        await("published again")
                .atMost(Duration.ofSeconds(5))
                .until(() -> bed.values(bed.tree() + "web").equals(before));
        await().untilAsserted(() ->
                assertThat(AgentBed.told(agent, from, " is lost: ")).isOne());
    }

    @Test
    void whileItIsStoppedItsLeaseIsRevokedAndItsKeysArePut() {
        String before = bed.values(bed.tree() + "web");
        assertThat(agent.terminate()).isZero();
        ctl("lease", "revoke", bed.leaseOf("host1"));
        ctl("put", RECORD, "junk");
        ctl("put", bed.key("web01", "port"), "9");
        ctl("put", bed.key("web01", "host"), "host1");
        ctl("put", bed.key("web02", "owner"), "host1");
        agent = startAgent();
        assertThat(bed.values(bed.tree() + "web")).isEqualTo(before);
        assertThat(AgentBed.told(agent, 0, RECORD + " was written by hand, its place is taken"))
                .isOne();
        assertThat(AgentBed.told(agent, 0, "web01: taken over from an entry without owner"))
                .isOne();
        assertThat(AgentBed.told(agent, 0, "web02: taken over, it was ours")).isOne();
    }

    @Test
    void whileItIsStoppedAFieldUnderItsLeaseIsDeleted() {
        String before = bed.values(bed.tree() + "web");
        String lease = bed.leaseOf("host1");
        assertThat(agent.terminate()).isZero();
        ctl("del", bed.key("web01", "port"));
        agent = bed.agent(TTL, "--resync=" + RESYNC.toSeconds() + "s");
        await("ready, before its lease ends").atMost(Duration.ofSeconds(30)).until(() -> {
            ctl("lease", "keep-alive", "--once", lease);
            return agent.status("/health/ready") == 200;
        });
        await().atMost(REPAIRED).until(() -> bed.values(bed.tree() + "web").equals(before));
        assertThat(AgentBed.told(agent, 0, CHANGED)).isOne();
    }
}
