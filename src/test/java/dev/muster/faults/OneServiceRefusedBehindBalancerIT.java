package dev.muster.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.testkit.DockerCli;
import dev.muster.testkit.MusterProcess;
import dev.muster.testkit.OnThisEngine;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** One service whose settings HAProxy refuses, with the whole file that it is in: seen from the balancer. */
@OnThisEngine
@Tag("fault-35")
class OneServiceRefusedBehindBalancerIT {

    /** It meets its grammar, and its range is the wrong way round. */
    private static final String REFUSED = "check_status=399-200";

    private static AgentBed bed;
    private static BalancerBed behind;

    @BeforeAll
    static void start() {
        bed = new AgentBed();
        bed.etcd.put(bed.tree() + "health_url", "/");
        behind = new BalancerBed(bed);
    }

    @AfterAll
    static void stop() {
        behind.close();
    }

    /** Of a service of its own, with a setting from its beginning. @return its container */
    private static String other(String service, String options) {
        bed.etcd.put("/services/" + service + "/health_url", "/");
        bed.etcd.put("/services/" + service + "/haproxy_options", options);
        return behind.other(service);
    }

    private static void awaitStatus(String service, int status) {
        await(service + " is answered with " + status)
                .atMost(BalancerBed.BOUND)
                .ignoreExceptions()
                .until(() -> behind.status(service) == status);
    }

    private static String record(String service) {
        return bed.etcd.ctl("get", "--prefix", "--print-value-only", "/muster/applied/" + service + "/");
    }

    private static String muster(int exitCode, String... words) {
        String[] all = new String[words.length + 1];
        System.arraycopy(words, 0, all, 0, words.length);
        all[words.length] = "--etcd-endpoints=" + bed.etcd.endpoint();
        MusterProcess said = MusterProcess.plain(all);
        assertThat(said.awaitExit()).as(said.log()).isEqualTo(exitCode);
        return said.log();
    }

    private static void remove(String service, String container) {
        DockerCli.docker("rm", "-f", container);
        bed.etcd.ctl("del", "/services/" + service + "/haproxy_options");
        bed.etcd.ctl("del", "/services/" + service + "/health_url");
    }

    @Test
    void oneThatIsServedStaysAsItWasAndTheOthersAreApplied() throws Exception {
        String setting = bed.tree() + "haproxy_options";
        String other = bed.service + "-other";
        int from = AgentBed.lines(behind.watcher);
        behind.whileAsked(() -> {
            bed.etcd.put(setting, REFUSED);
            await("it is counted")
                    .atMost(BalancerBed.BOUND)
                    .until(() -> behind.watcher.metric("muster_services_refused") == 1);
            String container = other(other, "retries=2");
            awaitStatus(other, 200);
            String begun = behind.balanced("begun");
            behind.end(begun, "begun");
            assertThat(behind.watcher.status("/health/ready")).isEqualTo(200);
            assertThat(AgentBed.told(behind.watcher, from, "service " + bed.service + " is not taken as it is to be"))
                    .isOne();
            assertThat(record(bed.service)).contains("\"refused\":[{", "setting haproxy_options", "399-200");
            assertThat(muster(10, "plan", bed.service)).contains("1 refused", "399-200");
            assertThat(muster(0, "why", bed.service + "/web01")).contains("setting haproxy_options", "399-200");

            bed.etcd.put(setting, "timeout_server=9h");
            await("it is taken")
                    .atMost(BalancerBed.BOUND)
                    .until(() -> behind.watcher.metric("muster_services_refused") == 0);
            assertThat(record(bed.service)).doesNotContain("refused");
            remove(other, container);
            bed.etcd.ctl("del", setting);
        });
    }

    @Test
    void oneThatWasNeverAcceptedIsLeftOutUntilItIsMended() throws Exception {
        String bad = bed.service + "-bad";
        String good = bed.service + "-good";
        behind.whileAsked(() -> {
            String badContainer = other(bad, REFUSED);
            await("it is told")
                    .atMost(BalancerBed.BOUND)
                    .until(() -> record(bad).contains("399-200"));
            String goodContainer = other(good, "retries=2");
            awaitStatus(good, 200);
            assertThat(behind.status(bad)).isEqualTo(503);
            bed.etcd.put("/services/" + bad + "/haproxy_options", "timeout_server=9h");
            awaitStatus(bad, 200);
            remove(bad, badContainer);
            remove(good, goodContainer);
        });
    }

    @Test
    void aWatcherThatBeginsAnewKeepsItAsItWasAccepted() throws Exception {
        String setting = bed.tree() + "haproxy_options";
        behind.whileAsked(() -> {
            behind.watcher.kill();
            bed.etcd.put(setting, REFUSED);
            behind.watcher = bed.watcher(behind.haproxy);
            await("it is counted")
                    .atMost(BalancerBed.BOUND)
                    .until(() -> behind.watcher.metric("muster_services_refused") == 1);
            behind.end(behind.balanced("begun"), "begun");
            bed.etcd.ctl("del", setting);
        });
    }
}
