package dev.muster.registry.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.config.ConfigFile;
import dev.muster.config.EtcdConfig;
import dev.muster.config.EtcdSettings;
import dev.muster.config.EtcdUser;
import dev.muster.config.LayoutConfig;
import dev.muster.config.LayoutConfig.Kind;
import dev.muster.config.Settings;
import dev.muster.doctor.Seen;
import dev.muster.testkit.Certificates;
import dev.muster.testkit.EtcdProcess;
import dev.muster.testkit.Ports;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said of a real etcd that is well, and of one that is not. */
class EtcdChecksIT {

    private static final Duration BOUND = Duration.ofSeconds(2);

    private EtcdProcess etcd;

    @BeforeEach
    void start() {
        etcd = EtcdProcess.start();
    }

    @AfterEach
    void end() {
        etcd.close();
    }

    private static EtcdConfig config(URI... endpoints) {
        return new EtcdConfig(Arrays.asList(endpoints), "/services", BOUND);
    }

    private List<String> members(URI... more) throws InterruptedException {
        URI[] endpoints = Arrays.copyOf(more, more.length + 1);
        endpoints[more.length] = etcd.endpoint();
        return Seen.by(new MembersCheck(config(endpoints)));
    }

    private List<String> rights() throws InterruptedException {
        return Seen.by(new RightsCheck(config(etcd.endpoint()), LayoutConfig.DEFAULT, "host1", "lb1", List.of()));
    }

    @Test
    void oneThatIsWellIsToldAndNothingIsWritten() throws Exception {
        etcd.put("/services/web/web01/port", "80");
        long revision = etcd.revision();

        assertThat(members())
                .hasSize(5)
                .allMatch(line -> line.startsWith("OK "))
                .anyMatch(line -> line.matches(
                        "OK endpoint: %s answers in .*: etcd 3\\..*, the leader".formatted(etcd.endpoint())))
                .contains(
                        "OK alarms: no alarm",
                        "OK clock: the clock of %s agrees with this machine's".formatted(etcd.endpoint()))
                .anyMatch(line -> line.matches("OK space: .* of 2.0 GiB are used"))
                .contains("OK history: revision %d, history from 1 on".formatted(revision));
        assertThat(rights())
                .containsExactly(
                        "OK rights: may read below /services/: 1 keys are there",
                        "OK rights: may write as an agent does (tried by a transaction that changes nothing)",
                        "OK rights: may write as a watcher does (tried by a transaction that changes nothing)");

        assertThat(etcd.revision()).isEqualTo(revision);
        assertThat(etcd.ctl("get", "--prefix", "--keys-only", "").strip()).isEqualTo("/services/web/web01/port");
    }

    @Test
    void historyBeginsWhereItWasCompacted() throws Exception {
        etcd.put("/services/a", "1");
        etcd.put("/services/a", "2");
        etcd.compact();
        assertThat(members())
                .contains("OK history: revision %d, history from %d on".formatted(etcd.revision(), etcd.revision()));
    }

    @Test
    void oneThatIsStoppedIsAFaultUnlessOthersAnswer() throws Exception {
        URI nowhere = URI.create("http://127.0.0.1:" + Ports.free());
        assertThat(members(nowhere))
                .first()
                .asString()
                .startsWith("WARN endpoint: %s cannot be reached: Connection refused; others answer -> start etcd"
                        .formatted(nowhere));

        etcd.stop();
        assertThat(members())
                .singleElement()
                .asString()
                .startsWith("FAIL endpoint: %s cannot be reached: Connection refused -> start etcd there"
                        .formatted(etcd.endpoint()));
        assertThat(rights())
                .singleElement()
                .asString()
                .startsWith("FAIL rights: read below /services/: etcd cannot be reached");
    }

    @Test
    void aNameThatNobodyKnowsIsToldAsThat() throws Exception {
        assertThat(members(URI.create("http://no-such-host.invalid:2379")))
                .first()
                .asString()
                .startsWith("WARN endpoint: http://no-such-host.invalid:2379 cannot be reached: no such host as "
                        + "'no-such-host.invalid'");
    }

    @Test
    void oneThatStandsStillIsGivenUpWithinItsBound() throws Exception {
        etcd.pause();
        try {
            long begun = System.nanoTime();
            assertThat(members())
                    .singleElement()
                    .asString()
                    .startsWith("FAIL endpoint: %s accepts connections and does not answer as an etcd: "
                            .formatted(etcd.endpoint()));
            assertThat(rights()).singleElement().asString().startsWith("FAIL rights: read below /services/: ");
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(BOUND.multipliedBy(4));
        } finally {
            etcd.unpause();
        }
    }

    @Test
    void anEtcdThatIsFullIsToldWithTheCommandsThatMendIt() throws Exception {
        try (EtcdProcess small = EtcdProcess.start("--quota-backend-bytes=" + (64 << 10))) {
            fill(small);
            List<String> seen = Seen.by(new MembersCheck(config(small.endpoint())));
            assertThat(seen).noneMatch(line -> line.equals("OK alarms: no alarm"));
            String alarm = seen.stream()
                    .filter(line -> line.startsWith("FAIL alarms"))
                    .findFirst()
                    .orElseThrow();
            assertThat(alarm).contains("alarm:NOSPACE", "takes no writes");
            assertThat(seen).anyMatch(line -> line.startsWith("WARN space: "));
            assertThat(Seen.by(
                            new RightsCheck(config(small.endpoint()), LayoutConfig.DEFAULT, "host1", "lb1", List.of())))
                    .anyMatch(line -> line.startsWith(
                            "FAIL rights: as an agent, try to write below /muster/: etcd has no space left"));

            mend(small, alarm);
            assertThat(Seen.by(new MembersCheck(config(small.endpoint())))).contains("OK alarms: no alarm");
        }
    }

    /** Does what the mend says, word by word. */
    private static void mend(EtcdProcess small, String alarm) {
        String commands = alarm.substring(alarm.indexOf("etcdctl"), alarm.indexOf("; then"));
        for (String command : commands.split(" && ", -1)) {
            String own = command.replace("etcdctl --endpoints " + small.endpoint() + " ", "");
            small.ctl(own.split(" ", -1));
        }
    }

    private static void fill(EtcdProcess small) {
        byte[] much = new byte[32 << 10];
        Arrays.fill(much, (byte) 'x');
        for (int i = 0; i < 100; i++) {
            try {
                small.ctlWithInput(much, "put", "/fill/" + i);
            } catch (IllegalStateException full) {
                assertThat(full).hasMessageContaining("space exceeded");
                return;
            }
        }
        throw new AssertionError("etcd takes more than its quota");
    }

    @Test
    void anEtcdThatAsksForAUserIsToldWithTheRightsThatAreMissing() throws Exception {
        etcd.ctl("user", "add", "root:secret");
        etcd.ctl("user", "grant-role", "root", "root");
        etcd.ctl("auth", "enable");

        assertThat(members()).anyMatch(line -> line.startsWith("OK endpoint: "));
        assertThat(rights())
                .singleElement()
                .asString()
                .startsWith("FAIL rights: read below /services/: ")
                .contains("etcdctl role grant-permission ROLE read --prefix=true /services/");

        etcd.ctl("--user=root:secret", "auth", "disable");
        assertThat(rights()).allMatch(line -> line.startsWith("OK "));
    }

    @Test
    void endpointsOfTwoClustersAreAFault() throws Exception {
        try (EtcdProcess other = EtcdProcess.start()) {
            assertThat(members(other.endpoint()))
                    .filteredOn(line -> line.startsWith("FAIL"))
                    .singleElement()
                    .asString()
                    .startsWith("FAIL cluster: the endpoints belong to 2 clusters: ");
        }
        assertThat(members()).noneMatch(line -> line.contains("cluster:"));
    }

    @Test
    void aUserWithoutRightsOrWithAWrongPasswordIsToldApart() throws Exception {
        etcd.ctl("user", "add", "root:secret");
        etcd.ctl("user", "grant-role", "root", "root");
        etcd.ctl("role", "add", "agents");
        etcd.ctl("role", "grant-permission", "agents", "readwrite", "--prefix", "/services/");
        etcd.ctl("role", "grant-permission", "agents", "readwrite", "--prefix", "/muster/agents/");
        etcd.ctl("user", "add", "agent:good");
        etcd.ctl("user", "grant-role", "agent", "agents");
        etcd.ctl("auth", "enable");

        assertThat(rightsOf("agent", "good"))
                .hasSize(3)
                .contains("OK rights: may write as an agent does (tried by a transaction that changes nothing)")
                .anyMatch(line -> line.startsWith("WARN rights: as a watcher, ")
                        && line.contains("if a watcher is to run here: "));
        assertThat(Seen.by(new MembersCheck(config("agent", "good"))))
                .anyMatch(line -> line.startsWith("OK endpoint: "));
        assertThat(rightsOf("agent", "good", Kind.SKYDNS, Kind.JSON))
                .filteredOn(line -> line.startsWith("FAIL"))
                .anyMatch(line -> line.contains("as an agent, try to write below /skydns/: ")
                        && line.contains("ROLE readwrite --prefix=true /skydns/"));
        for (String own : List.of("watchers", "applied", "release")) {
            etcd.ctl(
                    "--user=root:secret",
                    "role",
                    "grant-permission",
                    "agents",
                    "readwrite",
                    "--prefix",
                    "/muster/" + own + "/");
        }
        assertThat(rightsOf("agent", "good")).hasSize(3).allMatch(line -> line.startsWith("OK "));
        assertThat(rightsOf("agent", "good", List.of("route53")))
                .filteredOn(line -> line.startsWith("WARN"))
                .singleElement()
                .asString()
                .contains("as a watcher, try to write below /muster/leader/: ", "--prefix=true /muster/leader/");
        etcd.ctl(
                "--user=root:secret", "role", "grant-permission", "agents", "readwrite", "--prefix", "/muster/leader/");
        assertThat(rightsOf("agent", "good", List.of("route53"))).anyMatch(line -> line.contains("/muster/epoch/"));
        etcd.ctl("--user=root:secret", "role", "grant-permission", "agents", "readwrite", "--prefix", "/muster/epoch/");
        assertThat(rightsOf("agent", "good", List.of("route53"))).allMatch(line -> line.startsWith("OK "));
        assertThat(rightsOf("agent", "bad"))
                .singleElement()
                .asString()
                .contains("user or password is wrong", "--etcd-user");
        assertThat(Seen.by(new MembersCheck(config("agent", "bad"))))
                .singleElement()
                .asString()
                .contains("does not let this user in", "user or password is wrong", "see --etcd-user");
    }

    private List<String> rightsOf(String user, String password, Kind... layouts) throws InterruptedException {
        return rightsOf(user, password, List.of(), layouts);
    }

    private List<String> rightsOf(String user, String password, List<String> groups, Kind... layouts)
            throws InterruptedException {
        Set<Kind> kinds = EnumSet.of(Kind.FIELDS, layouts);
        return Seen.by(new RightsCheck(
                config(user, password),
                new LayoutConfig(kinds, "/registrator", "/skydns", "skydns.local"),
                "host1",
                "lb1",
                groups));
    }

    private EtcdConfig config(String user, String password) {
        return new EtcdConfig(
                List.of(etcd.endpoint()),
                Optional.empty(),
                Optional.empty(),
                Optional.of(new EtcdUser(user, password)),
                "",
                "/services",
                BOUND);
    }

    @Test
    void overTlsTheSameIsToldAndAWrongAuthorityIsNamed(@TempDir Path folder) throws Exception {
        Certificates ours =
                new Certificates(folder, "ca").issue("server", "IP:127.0.0.1").issue("client", "DNS:client");
        Certificates others = new Certificates(folder, "otherca");
        try (EtcdProcess secure = EtcdProcess.start(
                "--cert-file=" + ours.certificate("server"),
                "--key-file=" + ours.key("server"),
                "--trusted-ca-file=" + ours.authority(),
                "--client-cert-auth")) {
            Map<String, String> flags = new HashMap<>(Map.of(
                    "etcd-endpoints", secure.endpoint().toString(),
                    "etcd-ca", ours.authority().toString(),
                    "etcd-cert", ours.certificate("client").toString(),
                    "etcd-key", ours.key("client").toString()));
            assertThat(Seen.by(new MembersCheck(secured(flags))))
                    .hasSize(5)
                    .allMatch(line -> line.startsWith("OK "))
                    .anyMatch(line -> line.startsWith("OK clock: "))
                    .anyMatch(line -> line.startsWith("OK space: ") && line.contains(" of 2.0 GiB "));

            flags.put("etcd-ca", others.authority().toString());
            assertThat(Seen.by(new MembersCheck(secured(flags))))
                    .singleElement()
                    .asString()
                    .startsWith("FAIL endpoint: ")
                    .contains("nobody in --etcd-ca vouches for its certificate", "-> see --etcd-ca");

            URI plain = URI.create("http://127.0.0.1:" + secure.port());
            assertThat(Seen.by(new MembersCheck(config(plain))))
                    .singleElement()
                    .asString()
                    .startsWith("FAIL endpoint: ")
                    .contains("with TLS it is https://127.0.0.1:" + secure.port());
        }
    }

    private static EtcdConfig secured(Map<String, String> flags) {
        return EtcdSettings.from(new Settings(flags, Map.of(), ConfigFile.none()))
                .within(BOUND);
    }

    @Test
    void aDomainWithoutRecordsIsTold() throws Exception {
        EtcdConfig config = new EtcdConfig(
                List.of(),
                Optional.of("no-such-domain.invalid"),
                Optional.empty(),
                Optional.empty(),
                "",
                "/services",
                BOUND);
        assertThat(Seen.by(new MembersCheck(config)))
                .singleElement()
                .asString()
                .startsWith("FAIL endpoint: etcd cannot be found: ")
                .contains("dig +short SRV _etcd-client._tcp.no-such-domain.invalid");
    }
}
