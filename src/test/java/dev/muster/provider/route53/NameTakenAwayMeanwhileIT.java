package dev.muster.provider.route53;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.testkit.EtcdProcess;
import dev.muster.testkit.MusterProcess;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A name that is taken away while no watcher runs: what a person has asked for is done, what nobody has asked for is held. */
class NameTakenAwayMeanwhileIT {

    private static final String ZONE = "Z0123456789";
    private static final String RELEASE = "/muster/release/web/route53";

    @TempDir
    Path folder;

    private final FakeRoute53 route53 = new FakeRoute53();
    private EtcdProcess etcd;

    @BeforeEach
    void a_name_and_its_watcher_that_ends() throws Exception {
        etcd = EtcdProcess.start();
        route53.zone(ZONE, "example.com", false);
        etcd.put("/services/web/web01/public_ipv4_addr", "127.0.0.1");
        etcd.put("/services/web/web01/port", String.valueOf(route53.endpoint().getPort()));
        etcd.put("/services/web/dns_name", "web.example.com");
        try (MusterProcess watcher = watcher()) {
            await().until(this::stands);
            await().until(() -> record().contains("127.0.0.1"));
            assertThat(watcher.terminate()).isZero();
        }
    }

    @AfterEach
    void stop() {
        etcd.close();
        route53.close();
    }

    private MusterProcess watcher() {
        return MusterProcess.startBy(
                List.of("env", "AWS_ACCESS_KEY_ID=AKIA", "AWS_SECRET_ACCESS_KEY=key"),
                "watcher",
                "--etcd-endpoints=" + etcd.endpoint(),
                "--provider=route53",
                "--watcher-id=dns1",
                "--aws-endpoint=" + route53.endpoint(),
                "--aws-timeout=1s",
                "--ttl=4s",
                "--state-dir=" + folder);
    }

    private String muster(String... words) throws Exception {
        String[] all = java.util.Arrays.copyOf(words, words.length + 1);
        all[words.length] = "--etcd-endpoints=" + etcd.endpoint();
        try (MusterProcess command = MusterProcess.plain(all)) {
            assertThat(command.awaitExit()).as(command.log()).isZero();
            return command.log();
        }
    }

    private boolean stands() {
        return route53.sets(ZONE).stream()
                .anyMatch(set -> set.name().text().equals("web.example.com")
                        && set.type().equals("A"));
    }

    private String record() {
        return etcd.ctl("get", "--prefix", "--print-value-only", "/muster/applied/web/route53/");
    }

    @Test
    void what_a_person_has_unset_goes_as_soon_as_a_watcher_is_there() throws Exception {
        muster("unset", "web", "dns_name");
        assertThat(etcd.ctl("get", "--print-value-only", RELEASE)).contains("\"unasked\":true");
        try (MusterProcess watcher = watcher()) {
            await().until(() -> !stands());
            await().until(() -> etcd.ctl("get", RELEASE).isBlank());
            await().until(() -> record().isBlank());
        }
    }

    @Test
    void what_is_only_not_there_any_more_is_held_until_a_person_says_that_it_may_go() throws Exception {
        etcd.ctl("del", "/services/web/dns_name");
        try (MusterProcess watcher = watcher()) {
            await().until(() -> record().contains("\"held\":[{"));
            assertThat(stands()).isTrue();
            assertThat(watcher.terminate()).isZero();
        }
        assertThat(muster("unset", "web", "dns_name")).contains("web dns_name was not set");
        try (MusterProcess watcher = watcher()) {
            await().until(() -> !stands());
        }
    }

    @Test
    void who_has_asked_again_meanwhile_keeps_it() throws Exception {
        muster("unset", "web", "dns_name");
        muster("set", "web", "dns_name", "web.example.com");
        assertThat(etcd.ctl("get", RELEASE)).isBlank();
        try (MusterProcess watcher = watcher()) {
            watcher.awaitReady();
            await().until(() -> record().contains("127.0.0.1"));
            assertThat(stands()).isTrue();
        }
    }
}
