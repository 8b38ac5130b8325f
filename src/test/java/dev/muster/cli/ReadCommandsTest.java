package dev.muster.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.muster.config.EtcdConfig;
import dev.muster.model.Catalog;
import dev.muster.model.InstanceState;
import dev.muster.model.Registration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReadCommandsTest {

    private final Called called = new Called();
    private final Catalog catalog = Sample.catalog(
            17,
            Sample.up("web", "web01", 8001),
            Sample.registration("web", "web02", 8002, InstanceState.DOWN),
            Sample.up("db", "db", 3306));

    @Test
    void theListIsATableWithOneLineForEachInstance() {
        called.roles.catalog = Optional.of(catalog);

        assertThat(called.muster("ls")).isEqualTo(ExitCode.DONE);
        assertThat(called.out().lines().map(line -> line.replaceAll("[0-9]+[smhd]$", "AGE")))
                .containsExactly(
                        "SERVICE  INSTANCE  STATE         ADDRESS   PORT  OWNER  IMAGE         AGE",
                        "db       db        up            10.0.0.1  3306  node1  shop/web:1.2  AGE",
                        "web      web01     up            10.0.0.1  8001  node1  shop/web:1.2  AGE",
                        "web      web02     down (check)  10.0.0.1  8002  node1  shop/web:1.2  AGE");
        assertThat(called.roles.told).contains("closed");
    }

    @Test
    void theListOfAServiceLeavesTheOthersOut() {
        called.roles.catalog = Optional.of(catalog);

        assertThat(called.muster("ls", "db")).isEqualTo(ExitCode.DONE);
        assertThat(called.out()).contains("3306").doesNotContain("web01");
    }

    @Test
    void coloursAreForTerminalsOnly() {
        called.roles.catalog = Optional.of(catalog);

        called.muster("ls");
        assertThat(called.out()).doesNotContain("\u001b");
        called.onScreen(true).muster("ls");
        assertThat(called.out()).contains("\u001b[31mdown (check)\u001b[0m");
    }

    @Test
    void programsGetEveryFieldByItsNameInEtcd() throws Exception {
        called.roles.catalog = Optional.of(catalog);

        assertThat(called.muster("ls", "web", "--json")).isEqualTo(ExitCode.DONE);
        JsonNode json = new JsonMapper().readTree(called.out());
        assertThat(json.get("revision").asLong()).isEqualTo(17);
        assertThat(json.get("instances")).hasSize(2);
        JsonNode second = json.get("instances").get(1);
        assertThat(second.get("instance").asText()).isEqualTo("web02");
        assertThat(second.get("state").asText()).isEqualTo("down");
        assertThat(second.get("private_ipv4_addr").asText()).isEqualTo("10.0.0.1");
        assertThat(second.get("started_at").asText()).isEqualTo(Sample.STARTED);
    }

    @Test
    void whatIsSetAsideIsListedInAFormThatCannotSteerTheTerminal() throws Exception {
        String hostile = "/services/web/\u001b]0;owned\u0007\nweb09 up\ufffd";
        called.roles.catalog = Optional.of(Sample.rejecting(
                catalog, Map.of(hostile, "why\u001b[31m", "/services/web/" + "x".repeat(1000) + "/a/b", "deep")));

        assertThat(called.muster("ls", "--rejected")).isEqualTo(ExitCode.DONE);
        assertThat(called.out().lines())
                .hasSize(3)
                .anyMatch(line -> line.startsWith("/services/web/\\u001b]0;owned\\u0007\\u000aweb09 up\\ufffd ")
                        && line.endsWith(" why\\u001b[31m"))
                .allMatch(line -> line.length() < 300 && line.chars().allMatch(c -> c >= ' ' && c <= '~'));
    }

    @Test
    void whatIsSetAsideIsThereForProgramsToo() throws Exception {
        String hostile = "/services/web/\u001b]0;\n";
        called.roles.catalog = Optional.of(Sample.rejecting(catalog, Map.of(hostile, "odd")));

        assertThat(called.muster("ls", "--rejected", "--json")).isEqualTo(ExitCode.DONE);
        assertThat(called.out()).doesNotContain("\u001b");
        JsonNode json = new JsonMapper().readTree(called.out());
        assertThat(json.get("rejected").get(0).get("key").asText()).isEqualTo(hostile);
        assertThat(json.get("rejected").get(0).get("reason").asText()).isEqualTo("odd");
    }

    @Test
    void nothingIsSetAside() {
        called.roles.catalog = Optional.of(catalog);

        assertThat(called.muster("ls", "--rejected")).isEqualTo(ExitCode.DONE);
        assertThat(called.out()).isEqualTo("nothing is set aside\n");
        assertThat(called.muster("ls", "web", "--rejected")).isEqualTo(ExitCode.USAGE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"web/web02", "web web02"})
    void oneInstanceIsShownWithAllThatIsKnown(String written) {
        called.roles.catalog = Optional.of(catalog);
        String[] words = ("get " + written).split(" ", -1);

        assertThat(called.muster(words)).isEqualTo(ExitCode.DONE);
        assertThat(called.out().lines())
                .contains("state              down", "reason             check", "container_id       c0ffee")
                .noneMatch(line -> line.startsWith("unit"));
    }

    @Test
    void aServiceIsShownWithItsInstances() {
        called.roles.catalog = Optional.of(catalog);

        assertThat(called.muster("get", "web")).isEqualTo(ExitCode.DONE);
        assertThat(called.out().lines()).contains("service  web", "instances").contains("  - service            web");
        assertThat(called.out()).contains("web01").contains("web02").doesNotContain("3306");
    }

    @Test
    void whatIsNotRegisteredIsAFailureThatSaysSo() {
        called.roles.catalog = Optional.of(catalog);

        assertThat(called.muster("get", "shop")).isEqualTo(ExitCode.FAILED);
        assertThat(called.muster("get", "web/web09")).isEqualTo(ExitCode.FAILED);
        assertThat(called.err().lines())
                .containsExactly(
                        "muster: nothing is registered under service 'shop'",
                        "muster: no instance 'web09' of service 'web' is registered");
    }

    @Test
    void anEtcdThatDoesNotAnswerIsAFailureWithinItsTimeout() {
        for (String command : new String[] {"ls", "plan", "get web"}) {
            String[] words = (command + " --etcd-timeout 100ms").split(" ");
            assertThat(called.muster(words)).as(command).isEqualTo(ExitCode.FAILED);
        }
        assertThat(called.err().lines())
                .hasSize(3)
                .containsOnly("muster: etcd at http://127.0.0.1:2379 has not answered within 100ms "
                        + "(--etcd-endpoints, --etcd-timeout)");
    }

    @Test
    void commandsThatReadGoWhereTheyAreTold() {
        called.roles.catalog = Optional.of(catalog);
        called.environment(Map.of("MUSTER_PREFIX", "/other"));

        called.muster("ls", "--etcd-endpoints", "http://10.0.0.5:2379");
        assertThat(called.roles.told)
                .anySatisfy(config -> assertThat(config).isInstanceOfSatisfying(EtcdConfig.class, etcd -> {
                    assertThat(etcd.prefix()).isEqualTo("/other");
                    assertThat(etcd.endpoints().getFirst()).hasHost("10.0.0.5");
                }));
    }

    @Test
    void watchingWithoutATerminalIsALineForEachChange() throws Exception {
        called.roles.catalog = Optional.of(catalog);
        Registration moved = Sample.registration("web", "web02", 8002, InstanceState.UP);
        Thread watching = Thread.ofVirtual().start(() -> called.muster("ls", "web", "--watch"));
        await().until(() -> called.out().lines().count() == 2);

        called.roles.publish(Sample.catalog(18, moved));
        await().until(() -> called.out().lines().count() == 4);
        called.stop.request();
        watching.join();

        assertThat(called.out().lines().map(line -> line.substring(line.indexOf(' ') + 1)))
                .containsExactly(
                        "web/web01 up at 10.0.0.1:8001",
                        "web/web02 down (check) at 10.0.0.1:8002",
                        "web/web02 up at 10.0.0.1:8002",
                        "web/web01 gone");
        assertThat(called.out()).doesNotContain("\u001b");
    }

    @Test
    void watchingOnATerminalRedraws() throws Exception {
        called.roles.catalog = Optional.of(catalog);
        called.onScreen(false);
        Thread watching = Thread.ofVirtual().start(() -> called.muster("ls", "--watch"));
        await().until(() -> called.out().contains("revision 17"));
        called.roles.publish(Sample.catalog(18));
        await().until(() -> called.out().contains("revision 18"));
        called.stop.request();
        watching.join();

        assertThat(called.out()).startsWith("\u001b[H\u001b[2JSERVICE");
        assertThat(called.out().substring(called.out().lastIndexOf("\u001b[2J")))
                .doesNotContain("web01");
    }
}
