package dev.muster.provider.route53;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.testkit.EtcdProcess;
import dev.muster.testkit.MusterProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** Looking before leaping, as people call it, over a real etcd; the tests are one story. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DryRunIT {

    private static final String ZONE = "Z0123456789";

    @TempDir
    static Path folder;

    private static final FakeRoute53 ROUTE53 = new FakeRoute53();
    private static EtcdProcess etcd;

    @BeforeAll
    static void start() {
        etcd = EtcdProcess.start();
        ROUTE53.zone(ZONE, "example.com", false);
        etcd.put("/services/web/web01/public_ipv4_addr", "203.0.113.5");
        etcd.put("/services/web/web01/port", "18001");
        etcd.put("/services/web/dns_ttl", "60");
        etcd.put("/services/web/dns_name", "web.example.com");
    }

    @AfterAll
    static void stop() {
        etcd.close();
        ROUTE53.close();
    }

    private static MusterProcess muster(String command, String... flags) {
        List<String> words = new ArrayList<>(List.of(
                "AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE",
                "AWS_SECRET_ACCESS_KEY=not-a-secret",
                "MUSTER_ETCD_ENDPOINTS=" + etcd.endpoint(),
                "MUSTER_PROVIDER=route53",
                "MUSTER_WATCHER_ID=dns1",
                "MUSTER_AWS_ENDPOINT=" + ROUTE53.endpoint(),
                "MUSTER_AWS_TIMEOUT=1s",
                "MUSTER_TTL=4s",
                "MUSTER_ROUTE53_REREAD=2s",
                "MUSTER_STATE_DIR=" + folder));
        words.addFirst("env");
        return MusterProcess.plainBy(words, command, flags);
    }

    private static String ended(MusterProcess process, int code) {
        try (process) {
            assertThat(process.awaitExit()).as(process.log()).isEqualTo(code);
            return process.log();
        }
    }

    private static List<String> values() {
        return ROUTE53.sets(ZONE).stream()
                .filter(set -> set.name().text().equals("web.example.com"))
                .flatMap(set -> set.values().stream())
                .toList();
    }

    private static String everything() {
        return etcd.ctl("get", "--prefix", "/");
    }

    @Test
    @Order(1)
    void a_dry_run_says_what_it_would_do_and_writes_nothing_anywhere() {
        String before = everything();
        String log = ended(muster("watcher", "--dry-run", "--once"), 10);
        assertThat(log)
                .contains("route53 (dry run): would add to web: web.example.com A 60 203.0.113.5")
                .doesNotContain("in service", "cannot");
        assertThat(ended(muster("plan", "--live"), 10)).contains("+ web/route53: web.example.com A 60 203.0.113.5");
        assertThat(everything()).isEqualTo(before);
        assertThat(ROUTE53.batches()).isEmpty();
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    @Order(1)
    void nor_does_one_of_balancers_and_files(@TempDir Path machine) throws Exception {
        Path templates = Files.createDirectory(machine.resolve("templates"));
        Files.writeString(templates.resolve("list.conf"), "source = list.peb\ntarget = %s/list\n".formatted(machine));
        Files.writeString(templates.resolve("list.peb"), "{{ service.web.up | pluck(\"endpoint\") | join }}\n");
        String before = everything();
        String log = ended(
                muster(
                        "watcher",
                        "--dry-run",
                        "--once",
                        "--provider=haproxy,template",
                        "--haproxy-run",
                        "--haproxy-config=" + machine.resolve("muster.cfg"),
                        "--haproxy-socket=" + machine.resolve("admin.sock"),
                        "--haproxy-master-socket=" + machine.resolve("master.sock"),
                        "--templates=" + templates,
                        "--templates-state=" + machine.resolve("state")),
                10);
        assertThat(log)
                .contains("haproxy (dry run): would add to web: web01 at 203.0.113.5:18001, up")
                .contains("template (dry run): would change of list: " + machine.resolve("list")
                        + ": 1 lines come, 0 go");
        try (Stream<Path> left = Files.list(machine)) {
            assertThat(left).containsExactly(templates);
        }
        assertThat(everything()).isEqualTo(before);
    }

    @Test
    @Order(2)
    void one_that_lasts_says_each_change_once() {
        String before = everything();
        try (MusterProcess onlooker = muster("watcher", "--dry-run")) {
            await().until(() -> onlooker.log().contains("would add to web: web.example.com A 60 203.0.113.5"));
            etcd.put("/services/web/web02/public_ipv4_addr", "203.0.113.6");
            etcd.put("/services/web/web02/port", "18002");
            await().until(() ->
                    onlooker.log().contains("would add to web: web.example.com A 60 203.0.113.5, 203.0.113.6"));
            assertThat(onlooker.log().split("would add to web: web.example.com A 60 203.0.113.5\n", -1))
                    .hasSize(2);
            assertThat(onlooker.terminate()).isZero();
        }
        etcd.ctl("del", "--prefix", "/services/web/web02/");
        assertThat(everything()).isEqualTo(before);
        assertThat(ROUTE53.batches()).isEmpty();
    }

    @Test
    @Order(3)
    void once_ends_when_all_is_in_step_and_everywhere() {
        ROUTE53.everywhereAfter(1);
        assertThat(ended(muster("watcher", "--once"), 0)).contains("all is in step");
        assertThat(values()).containsExactly("203.0.113.5");
        assertThat(etcd.ctl("get", "--prefix", "/muster/applied/web/route53/")).contains("203.0.113.5");
        int batches = ROUTE53.batches().size();
        assertThat(ended(muster("plan", "--live", "--json"), 0)).contains("\"in_step\" : true");
        assertThat(ROUTE53.batches()).hasSize(batches);
        ROUTE53.everywhereAfter(0);
    }

    @Test
    @Order(4)
    void what_is_held_or_refused_or_another_leaders_is_the_exit_code() {
        etcd.ctl("del", "--prefix", "/services/web/web01/");
        assertThat(ended(muster("watcher", "--once"), 4)).contains("web/web01 held at 203.0.113.5:18001");
        etcd.put("/services/web/web01/public_ipv4_addr", "203.0.113.5");
        etcd.put("/services/web/web01/port", "18001");
        etcd.put("/services/mail/mail01/public_ipv4_addr", "203.0.113.9");
        etcd.put("/services/mail/mail01/port", "25");
        etcd.put("/services/mail/dns_name", "mail.example.org");
        assertThat(ended(muster("watcher", "--once"), 1)).contains("there is no zone here in which mail.example.org");
        etcd.ctl("del", "--prefix", "/services/mail/");
        try (MusterProcess leader = muster("watcher", "--watcher-id=dns2", "--http=none")) {
            await().until(() -> leader.log().contains("this watcher leads"));
            assertThat(ended(muster("watcher", "--once", "--once-within=3s"), 3))
                    .contains("watcher 'dns2' leads the group route53");
        }
    }

    @Test
    @Order(6)
    void a_name_of_somebody_elses_is_taken_over_when_a_person_says_so() {
        RecordSet theirs = RecordSet.simple(new DnsName("app.example.com"), "A", 300, List.of("198.51.100.1"));
        ROUTE53.zone(ZONE, "example.com", false).put(theirs);
        ROUTE53.zone(ZONE, "example.com", false)
                .put(RecordSet.simple(
                        new DnsName("a-app.example.com"),
                        "TXT",
                        300,
                        List.of("\"heritage=external-dns,external-dns/owner=k8s\"")));
        etcd.put("/services/app/app01/public_ipv4_addr", "203.0.113.8");
        etcd.put("/services/app/app01/port", "80");
        etcd.put("/services/app/dns_name", "app.example.com");
        try (MusterProcess watcher = muster("watcher", "--http=none")) {
            await().until(() -> watcher.log().contains("it is external-dns's (owner k8s)"));
            assertThat(ended(muster("adopt", "dns", "app.example.com"), 1))
                    .contains(
                            "- app.example.com. 300 IN A 198.51.100.1",
                            "+ app.example.com. 600 IN A 203.0.113.8",
                            "Nothing was changed.");
            assertThat(ROUTE53.sets(ZONE)).contains(theirs);
            assertThat(ended(muster("adopt", "dns", "app.example.com", "--yes"), 0))
                    .contains("It is taken over.");
            assertThat(ROUTE53.sets(ZONE))
                    .contains(RecordSet.simple(new DnsName("app.example.com"), "A", 600, List.of("203.0.113.8")))
                    .doesNotContain(theirs)
                    .noneMatch(set -> set.values().toString().contains("heritage"));
            etcd.put("/services/app/app01/public_ipv4_addr", "203.0.113.9");
            await().until(() -> ROUTE53.sets(ZONE).toString().contains("203.0.113.9"));
            await().until(() -> watcher.log().contains("service app is taken as it is to be"));
            assertThat(watcher.log()).doesNotContain("changed by somebody");
        }
    }

    @Test
    @Order(5)
    void upsert_only_changes_records_and_takes_none_away() {
        etcd.put("/services/web/web01/public_ipv4_addr", "203.0.113.7");
        etcd.put("/services/web/dns_name", "www.example.com");
        ended(muster("watcher", "--once", "--policy=upsert-only"), 0);
        assertThat(values()).containsExactly("203.0.113.5");
        assertThat(ROUTE53.sets(ZONE)).extracting(set -> set.name().text()).contains("www.example.com");
        int batches = ROUTE53.batches().size();
        ended(muster("watcher", "--once", "--policy=upsert-only"), 0);
        assertThat(ended(muster("plan", "--live"), 10)).contains("- web/route53: web.example.com A 60 203.0.113.5");
        assertThat(ROUTE53.batches()).as("but the fence of each term").hasSizeBetween(batches, batches + 1);
        ended(muster("watcher", "--once"), 0);
        assertThat(values()).isEmpty();
    }

    @Test
    @Order(7)
    void health_checks_are_told_before_they_are_made() {
        etcd.put("/services/cdn/cdn01/public_ipv4_addr", "203.0.113.20");
        etcd.put("/services/cdn/cdn01/port", "8080");
        etcd.put("/services/cdn/dns_name", "cdn.example.com");
        etcd.put("/services/cdn/dns_routing", "weighted");
        etcd.put("/services/cdn/dns_health_check", "tcp");
        String check = "health check tcp 203.0.113.20:8080";
        assertThat(ended(muster("watcher", "--dry-run", "--once"), 10))
                .contains("route53 (dry run): would add to cdn: " + check);
        assertThat(ended(muster("plan", "--live"), 10)).contains("+ cdn/route53: " + check);
        assertThat(ROUTE53.healthChecks().all()).isEmpty();
        ended(muster("watcher", "--once"), 0);
        assertThat(ROUTE53.healthChecks().all()).hasSize(1);
        etcd.put("/services/cdn/dns_health_check", "none");
        ended(muster("watcher", "--once"), 0);
        assertThat(ended(muster("plan", "--live"), 10))
                .contains("- -/route53: health check ", "which no record of ours names");
        assertThat(ended(muster("plan", "--live", "--policy=upsert-only"), 0)).doesNotContain("health check");
        assertThat(ROUTE53.healthChecks().all())
                .as("a watcher that stays takes it away")
                .hasSize(1);
    }
}
