package dev.muster.provider.route53;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.provider.route53.FakeRoute53.Fate;
import dev.muster.testkit.EtcdProcess;
import dev.muster.testkit.MusterProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** Watchers as people start them, over a real etcd; the tests are one story. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class Route53WatcherIT {

    private static final String ZONE = "Z0123456789";
    private static final String SECRET = "wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY";
    private static final String TOKEN = "FwoGZXIvYXdzEXAMPLETOKEN";

    @TempDir
    static Path folder;

    private static final FakeRoute53 ROUTE53 = new FakeRoute53();
    private static EtcdProcess etcd;
    private static MusterProcess first;
    private static MusterProcess second;

    @BeforeAll
    static void start() {
        etcd = EtcdProcess.start();
        ROUTE53.zone(ZONE, "example.com", false)
                .put(RecordSet.simple(new DnsName("mail.example.com"), "A", 300, List.of("198.51.100.1")));
        first = watcher("dns1");
        await().until(() -> first.metric("muster_leader") == 1);
        second = watcher("dns2");
        second.awaitReady();
    }

    @AfterAll
    static void stop() {
        first.close();
        second.close();
        etcd.close();
        ROUTE53.close();
    }

    private static MusterProcess watcher(String id) {
        return MusterProcess.startBy(
                List.of(
                        "env",
                        "AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE",
                        "AWS_SECRET_ACCESS_KEY=" + SECRET,
                        "AWS_SESSION_TOKEN=" + TOKEN),
                "watcher",
                "--etcd-endpoints=" + etcd.endpoint(),
                "--provider=route53",
                "--watcher-id=" + id,
                "--aws-endpoint=" + ROUTE53.endpoint(),
                "--aws-timeout=1s",
                "--ttl=4s",
                "--route53-reread=2s",
                "--state-dir=" + folder);
    }

    /** As monweb wrote it. */
    private static void register(int number, String address) {
        String instance = "/services/web/web%02d/".formatted(number);
        etcd.put(instance + "public_ipv4_addr", address);
        etcd.put(instance + "port", Integer.toString(18000 + number));
    }

    private static List<String> values(String name) {
        return ROUTE53.sets(ZONE).stream()
                .filter(set -> set.name().text().equals(name) && set.type().equals("A"))
                .flatMap(set -> set.values().stream())
                .toList();
    }

    @Test
    @Order(1)
    void a_service_gets_its_name_as_soon_as_it_asks_for_one() {
        register(1, "203.0.113.5");
        register(2, "203.0.113.6");
        etcd.put("/services/web/dns_ttl", "60");
        etcd.put("/services/web/dns_name", "web.example.com");
        await().untilAsserted(
                        () -> assertThat(values("web.example.com")).containsExactly("203.0.113.5", "203.0.113.6"));
        await().untilAsserted(() -> assertThat(etcd.ctl("get", "--prefix", "/muster/applied/web/route53/"))
                .contains("/muster/applied/web/route53/route53", "\"safe_after_ms\":900000", "203.0.113.6"));
        register(3, "203.0.113.7");
        await().untilAsserted(() -> assertThat(values("web.example.com")).hasSize(3));
    }

    @Test
    @Order(2)
    void a_name_that_is_somebody_elses_is_said_once_and_stops_nothing_else() {
        etcd.put("/services/mail/mail01/public_ipv4_addr", "203.0.113.9");
        etcd.put("/services/mail/mail01/port", "25");
        etcd.put("/services/mail/dns_name", "mail.example.com");
        await().untilAsserted(() ->
                assertThat(first.log()).contains("mail.example.com A (198.51.100.1) stands there already"));
        register(4, "203.0.113.8");
        await().untilAsserted(() -> assertThat(values("web.example.com")).hasSize(4));
        assertThat(values("mail.example.com")).containsExactly("198.51.100.1");
        assertThat(first.log()).containsOnlyOnce("stands there already");
        await().untilAsserted(
                        () -> assertThat(etcd.ctl("get", "--print-value-only", "/muster/applied/mail/route53/route53"))
                                .contains("refused", "stands there already"));
    }

    @Test
    @Order(3)
    void in_step_it_only_reads() {
        int batches = ROUTE53.batches().size();
        int calls = ROUTE53.calls().size();
        await().atMost(Duration.ofSeconds(30)).until(() -> ROUTE53.calls().size() >= calls + 6);
        assertThat(ROUTE53.batches()).hasSize(batches);
        assertThat(first.metric("muster_aws_calls_total")).isPositive();
        await().until(() -> first.metric("muster_insync_waiting") == 0);
        assertThat(first.metric("muster_insync_seconds_count")).isPositive();
        whatSomebodyEditsIsPutRightAndSaid();
    }

    private static void whatSomebodyEditsIsPutRightAndSaid() {
        String said = "what is ours was changed by somebody, putting it right: web.example.com A ";
        assertThat(first.log()).doesNotContain("changed by somebody");
        List<String> before = values("web.example.com");
        DnsName web = new DnsName("web.example.com");
        RecordSet edited = RecordSet.simple(web, "A", 5, List.of("192.0.2.66"));
        ROUTE53.zone(ZONE, "example.com", false).put(edited);
        await().untilAsserted(() -> assertThat(values("web.example.com")).isEqualTo(before));
        assertThat(first.log()).containsOnlyOnce(said + "5 192.0.2.66 -> 60 203.0.113.5");
        ROUTE53.zone(ZONE, "example.com", false).remove(edited.key());
        await().untilAsserted(() -> assertThat(values("web.example.com")).isEqualTo(before));
        assertThat(first.log()).containsOnlyOnce(said + "60 203.0.113.5").contains("(it was deleted)");
    }

    @Test
    @Order(4)
    @Tag("fault-31")
    void the_other_one_takes_over_within_its_time_when_the_leader_is_killed() {
        first.kill();
        register(1, "203.0.113.20");
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(values("web.example.com"))
                        .contains("203.0.113.20")
                        .doesNotContain("203.0.113.5"));
        assertThat(ROUTE53.batches().getLast().toString())
                .as("the fence says who leads")
                .contains("epoch="
                        + etcd.ctl("get", "--print-value-only", "/muster/epoch/route53")
                                .replaceAll("[^0-9]", ""));
    }

    @Test
    @Order(5)
    @Tag("fault-36")
    void expired_credentials_are_an_alarm_and_no_secret_is_ever_said() {
        ROUTE53.next("ChangeResourceRecordSets", Fate.EXPIRED_TOKEN);
        register(1, "203.0.113.21");
        await().untilAsserted(() -> assertThat(values("web.example.com")).contains("203.0.113.21"));
        assertThat(second.log()).contains("ExpiredToken");
        for (MusterProcess watcher : List.of(first, second)) {
            assertThat(watcher.log()).doesNotContain(SECRET, TOKEN, "AKIA");
        }
        assertThat(second.page("/metrics")).doesNotContain(SECRET, TOKEN, "AKIA");
        assertThat(etcd.ctl("get", "--prefix", "/muster/")).doesNotContain(SECRET, TOKEN, "AKIA");
    }

    private static void labelled(int number, String address, String dns) {
        String instance = "/services/lab/lab%02d/".formatted(number);
        etcd.put(instance + "public_ipv4_addr", address);
        etcd.put(instance + "dns", dns);
        etcd.put(instance + "port", Integer.toString(19000 + number));
    }

    @Test
    @Order(6)
    void a_name_by_label_is_kept_for_the_next_container_until_a_person_lets_it_go() {
        labelled(1, "203.0.113.31", "{\"name\":\"lab.example.com\",\"routing\":\"weighted\",\"weight\":\"7\"}");
        labelled(2, "203.0.113.32", "{\"name\":\"lab.example.com\",\"routing\":\"weighted\"}");
        await().untilAsserted(
                        () -> assertThat(values("lab.example.com")).containsExactly("203.0.113.31", "203.0.113.32"));
        assertThat(ROUTE53.sets(ZONE))
                .filteredOn(set -> set.identifier().equals("muster:route53:lab01"))
                .extracting(RecordSet::routing)
                .containsExactly(Routing.weighted(7));
        for (String instance : List.of("lab01", "lab02")) {
            goodbye("lab", instance);
            etcd.ctl("del", "--prefix", "/services/lab/" + instance + "/");
        }
        await().until(() -> !etcd.ctl("get", "--prefix", "/muster/applied/lab/").contains("lab01"));
        assertThat(values("lab.example.com")).isNotEmpty();
        etcd.put("/services/lab/dns_keep_last", "false");
        await().untilAsserted(() -> assertThat(values("lab.example.com")).isEmpty());
    }

    private static void goodbye(String service, String instance) {
        etcd.put(
                "/services/%s/gone/%s".formatted(service, instance),
                "{\"reason\":\"ended\",\"owner\":\"\",\"container_id\":\"\",\"started_at\":\"\"}");
    }

    /** Nobody is gone, so nothing has to be held. */
    @Test
    @Order(7)
    void a_name_that_a_person_takes_away_goes_and_one_that_goes_with_its_instances_is_held() {
        etcd.put("/services/app/app01/public_ipv4_addr", "203.0.113.40");
        etcd.put("/services/app/app01/port", "80");
        etcd.put("/services/app/dns_name", "app.example.com");
        await().untilAsserted(() -> assertThat(values("app.example.com")).containsExactly("203.0.113.40"));
        etcd.ctl("del", "/services/web/dns_name");
        await().untilAsserted(() -> assertThat(values("web.example.com")).isEmpty());
        etcd.ctl("del", "--prefix", "/services/app/");
        await().untilAsserted(
                        () -> assertThat(etcd.ctl("get", "--print-value-only", "/muster/applied/app/route53/route53"))
                                .contains("\"held\":[{"));
        assertThat(values("app.example.com")).containsExactly("203.0.113.40");
    }

    @Test
    @Order(8)
    void instances_have_health_checks_that_the_watcher_makes() {
        etcd.put("/services/api/api01/public_ipv4_addr", "203.0.113.50");
        etcd.put("/services/api/api01/port", "8080");
        etcd.put("/services/api/dns_routing", "multivalue");
        etcd.put("/services/api/dns_health_check", "http/health");
        etcd.put("/services/api/dns_name", "api.example.com");
        await().untilAsserted(() -> assertThat(values("api.example.com")).containsExactly("203.0.113.50"));
        assertThat(ROUTE53.sets(ZONE))
                .filteredOn(set -> set.name().text().equals("api.example.com"))
                .extracting(set -> set.routing().healthCheck())
                .containsExactlyElementsOf(ROUTE53.healthChecks().all().stream()
                        .map(FakeHealthChecks.Check::id)
                        .toList())
                .hasSize(1);
        etcd.put("/services/api/api02/public_ipv4_addr", "10.1.2.3");
        etcd.put("/services/api/api02/port", "8080");
        await().until(() ->
                first.log().contains("do not reach 10.1.2.3") || second.log().contains("do not reach 10.1.2.3"));
        assertThat(values("api.example.com")).containsExactly("203.0.113.50");
        etcd.ctl("del", "--prefix", "/services/api/api02/");
    }

    /** What docs/operating.md allows. */
    @Test
    @Order(9)
    void no_call_is_made_that_the_documented_rights_do_not_allow() {
        assertThat(ROUTE53.calls())
                .extracting(call -> call.split(" ")[0])
                .contains("CreateHealthCheck")
                .isSubsetOf(
                        "ListHostedZones",
                        "ListResourceRecordSets",
                        "ChangeResourceRecordSets",
                        "GetChange",
                        "ListHealthChecks",
                        "CreateHealthCheck",
                        "DeleteHealthCheck");
    }

    @Test
    @Order(10)
    void a_watcher_without_a_name_to_keep_loads_nothing_of_aws() throws Exception {
        Path classes = folder.resolve("classes");
        try (MusterProcess balancer = MusterProcess.startBy(
                List.of("env", "MUSTER_JAVA_OPTS=-Xlog:class+load:file=" + classes),
                "watcher",
                "--etcd-endpoints=" + etcd.endpoint(),
                "--watcher-id=lb1",
                "--state-dir=" + folder)) {
            await().until(() -> balancer.log().contains("the registry is in sync"));
        }
        assertThat(Files.readString(classes))
                .contains("dev.muster.wiring.WatcherRole ")
                .doesNotContain("software.amazon", "dev.muster.provider.route53", "dev.muster.provider.aws");
    }
}
