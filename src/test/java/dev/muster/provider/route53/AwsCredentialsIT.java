package dev.muster.provider.route53;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.testkit.EtcdProcess;
import dev.muster.testkit.MusterProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** As whom AWS is called, and that nobody hears of it. */
class AwsCredentialsIT {

    private static final String SECRET = "wJalrXUtnFEMIK7MDENGbPxRfiCYETCDSECRET";
    private static final String ROLE = "arn:aws:iam::123456789012:role/dns";
    private static final String LOST_ROLE = "arn:aws:iam::333333333333:role/lost";
    private static final List<String> SECRETS =
            List.of(SECRET, "AKIAETCD", "ASIATEMPORARY", "temporary-secret", "temporary-token");

    @TempDir
    static Path folder;

    private static final FakeRoute53 ROUTE53 = new FakeRoute53();
    private static EtcdProcess etcd;

    @BeforeAll
    static void start() {
        etcd = EtcdProcess.start();
        ROUTE53.zone("Z0123456789", "example.com", false);
        etcd.put("/services/web/web01/public_ipv4_addr", "203.0.113.5");
        etcd.put("/services/web/web01/port", "18001");
        etcd.put("/services/web/dns_name", "web.example.com");
    }

    @AfterAll
    static void stop() {
        etcd.close();
        ROUTE53.close();
    }

    private static List<String> flags(String... more) {
        List<String> flags = new ArrayList<>(List.of(
                "--etcd-endpoints=" + etcd.endpoint(),
                "--provider=route53",
                "--watcher-id=dns1",
                "--aws-endpoint=" + ROUTE53.endpoint(),
                "--aws-credentials=etcd",
                "--log-level=debug"));
        flags.addAll(Arrays.asList(more));
        return flags;
    }

    private static MusterProcess muster(String command, List<String> flags) {
        return MusterProcess.plainBy(
                List.of(
                        "env",
                        "AWS_ACCESS_KEY_ID=AKIAOTHER",
                        "AWS_SECRET_ACCESS_KEY=other",
                        "MUSTER_JAVA_OPTS=-Xlog:class+load:file=" + folder.resolve(command)),
                command,
                flags.toArray(String[]::new));
    }

    /** Such as one that was copied with the end of its line. */
    @Test
    void a_token_that_cannot_be_sent_is_said_and_not_repeated() throws Exception {
        List<String> flags = flags("--dry-run", "--once", "--once-within=3s", "--aws-credentials=default");
        flags.remove("--aws-credentials=etcd");
        List<String> environment = List.of(
                "env",
                "AWS_ACCESS_KEY_ID=AKIAETCD",
                "AWS_SECRET_ACCESS_KEY=" + SECRET,
                "AWS_SESSION_TOKEN=temporary\ntoken");
        try (MusterProcess watcher = MusterProcess.plainBy(environment, "watcher", flags.toArray(String[]::new))) {
            assertThat(watcher.awaitExit()).as(watcher.log()).isEqualTo(3);
            assertThat(watcher.log())
                    .contains("no credentials: the session token that was found has other characters")
                    .doesNotContain("temporary", SECRET, "AKIAETCD");
        }
    }

    @Test
    void keys_in_etcd_take_the_role_that_is_named_and_appear_nowhere() throws Exception {
        try (MusterProcess early = muster("watcher", flags("--once", "--once-within=3s", "--state-dir=" + folder))) {
            assertThat(early.awaitExit()).as(early.log()).isEqualTo(3);
            assertThat(early.log()).contains("no credentials: there is no /secrets/aws_access_key_id");
        }
        assertThat(Files.readString(folder.resolve("watcher")))
                .contains("software.amazon.awssdk.services.route53.Route53Client ")
                .doesNotContain("software.amazon.awssdk.services.sts");
        assertThat(ROUTE53.callers()).isEmpty();

        etcd.put("/secrets/aws_access_key_id", "AKIAETCD");
        etcd.put("/secrets/aws_secret_access_key", SECRET);
        List<String> said = new ArrayList<>();
        try (MusterProcess watcher = MusterProcess.start(
                with("watcher", flags("--state-dir=" + folder, "--aws-role-arn=" + ROLE, "--aws-external-id=x-1")))) {
            await().until(() -> ROUTE53.sets("Z0123456789").toString().contains("203.0.113.5"));
            await().until(() -> etcd.ctl("get", "--prefix", "/muster/applied/").contains("203.0.113.5"));
            said.add(watcher.page("/metrics"));
            said.add(watcher.page("/health/ready"));
            for (String command : List.of("plan", "adopt")) {
                List<String> words = flags("--aws-role-arn=" + ROLE, "--aws-external-id=x-1");
                words.removeIf(word -> command.equals("adopt") && word.matches("--(provider|watcher-id)=.*"));
                words.addAll(command.equals("plan") ? List.of("--live") : List.of("dns", "web.example.com"));
                try (MusterProcess asking = muster(command, words)) {
                    asking.awaitExit();
                    said.add(asking.log());
                }
            }
            said.add(watcher.log());
        }
        said.add(etcd.ctl("get", "--prefix", "/muster/"));
        said.add(ROUTE53.sets("Z0123456789").toString());
        assertThat(said)
                .noneMatch(String::isEmpty)
                .allSatisfy(text -> assertThat(text).doesNotContain(SECRETS.toArray(String[]::new)));

        assertThat(ROUTE53.callers())
                .filteredOn(caller -> caller.startsWith("AssumeRole"))
                .isNotEmpty()
                .allSatisfy(caller -> assertThat(caller)
                        .startsWith("AssumeRole AKIAETCD ")
                        .contains("RoleArn=" + ROLE, "ExternalId=x-1", "RoleSessionName=muster"));
        assertThat(ROUTE53.callers())
                .filteredOn(caller -> !caller.startsWith("AssumeRole"))
                .isNotEmpty()
                .containsOnly("ASIATEMPORARY");
        rolesThatServicesChoose();
    }

    /** The same where a service has chosen a role, and another one that cannot be taken. */
    private static void rolesThatServicesChoose() throws Exception {
        ROUTE53.zoneOf("111111111111", "Z0SHOP0001", "shop.example.com");
        etcd.put("/services/shop/shop01/public_ipv4_addr", "203.0.113.6");
        etcd.put("/services/shop/shop01/port", "18002");
        etcd.put("/services/shop/dns_name", "www.shop.example.com");
        etcd.put("/services/shop/aws_role", "shop");
        etcd.put("/services/lost/dns_name", "www.lost.example.com");
        etcd.put("/services/lost/aws_role", "lost");
        etcd.put("/services/wrong/dns_name", "www.wrong.example.com");
        etcd.put("/services/wrong/aws_role", "wrong");
        ROUTE53.always("AssumeRole " + LOST_ROLE, FakeRoute53.Fate.EXPIRED_TOKEN);
        String roles = "--aws-roles=shop=arn:aws:iam::111111111111:role/shop#x-2,lost=" + LOST_ROLE;
        List<String> said = new ArrayList<>();
        try (MusterProcess watcher = MusterProcess.start(with("watcher", flags("--state-dir=" + folder, roles)))) {
            await().until(() -> ROUTE53.sets("Z0SHOP0001").toString().contains("203.0.113.6"));
            await().until(() -> watcher.page("/metrics").contains("muster_services_refused{provider=\"route53\"} 2"));
            assertThat(watcher.page("/metrics"))
                    .contains("muster_aws_unread{api=\"route53\",role=\"lost\"} 1")
                    .contains("muster_aws_unread{api=\"route53\",role=\"shop\"} 0");
            said.add(watcher.page("/metrics"));
            said.add(watcher.page("/"));
            said.add(watcher.page("/health/ready"));
            try (MusterProcess plan = muster("plan", with(flags(roles), "--live"))) {
                plan.awaitExit();
                assertThat(plan.log())
                        .contains(
                                "aws_role 'wrong': allowed is one of --aws-roles: lost, shop",
                                "the account of the role 'lost' is not read: AssumeRole of " + LOST_ROLE);
                said.add(plan.log());
            }
            said.add(watcher.log());
        }
        said.add(etcd.ctl("get", "--prefix", "/muster/"));
        said.add(ROUTE53.sets("Z0SHOP0001").toString());
        assertThat(said)
                .noneMatch(String::isEmpty)
                .allSatisfy(text -> assertThat(text)
                        .doesNotContain(SECRETS.toArray(String[]::new))
                        .doesNotContain("ASIA111111111111", "x-2"));
        assertThat(ROUTE53.callers())
                .contains("ASIA111111111111")
                .anyMatch(caller -> caller.startsWith("AssumeRole AKIAETCD ")
                        && caller.contains("RoleArn=arn:aws:iam::111111111111:role/shop")
                        && caller.contains("ExternalId=x-2")
                        && caller.contains("RoleSessionName=muster-dns1"));
    }

    private static List<String> with(List<String> flags, String more) {
        List<String> all = new ArrayList<>(flags);
        all.add(more);
        return all;
    }

    private static String[] with(String command, List<String> flags) {
        List<String> words = new ArrayList<>(List.of(command));
        words.addAll(flags);
        return words.toArray(String[]::new);
    }
}
