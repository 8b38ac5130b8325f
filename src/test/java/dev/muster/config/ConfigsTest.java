package dev.muster.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.model.Template;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ConfigsTest {

    private static final Map<String, String> HOST = Map.of("host", "node1");

    @Test
    void anAgentIsItsHostUnlessToldOtherwise() {
        AgentConfig standard = AgentSettings.from(settings(HOST));
        assertThat(standard.host()).isEqualTo("node1");
        assertThat(standard.owner()).isEqualTo("node1");
        assertThat(standard.lock()).isTrue();
        assertThat(standard.onStop()).isEqualTo(AgentConfig.OnStop.KEEP);
        assertThat(standard.containerAddresses()).isFalse();
        assertThat(standard.check()).isEqualTo(AgentConfig.CheckConfig.DEFAULT);

        AgentConfig other = AgentSettings.from(settings(Map.of(
                "host", "node1",
                "agent-id", "node1.web",
                "no-host-lock", "true",
                "on-stop", "drain",
                "address-mode", "container",
                "check-fall", "5")));
        assertThat(other.host()).isEqualTo("node1");
        assertThat(other.owner()).isEqualTo("node1.web");
        assertThat(other.lock()).isFalse();
        assertThat(other.onStop()).isEqualTo(AgentConfig.OnStop.DRAIN);
        assertThat(other.containerAddresses()).isTrue();
        assertThat(other.check().fall()).isEqualTo(5);
    }

    @Test
    void textsAreTheHostsOwnOnlyWhereTheyAreGiven() {
        assertThat(AgentSettings.from(settings(HOST)).naming()).isEqualTo(NamingConfig.DEFAULT);
        AgentConfig other = AgentSettings.from(settings(Map.of(
                "host", "node1",
                "id-template", "%{host}.%{container}",
                "log-url-template", "https://logs/%{container_id}",
                "unit-field", "muster.service",
                "ec2-metadata", "true",
                "private-address", "10.0.0.1,fd00::1")));
        assertThat(other.naming())
                .isEqualTo(new NamingConfig(
                        Optional.of(new Template("%{host}.%{container}")),
                        Optional.of(new Template("https://logs/%{container_id}")),
                        Optional.of(new Template("muster.service")),
                        true));
        assertThat(other.privateAddress()).contains("10.0.0.1,fd00::1");
    }

    @Test
    void anAgentWritesFieldsUnlessToldOtherwise() {
        assertThat(AgentSettings.from(settings(HOST)).layouts()).isEqualTo(LayoutConfig.DEFAULT);
        assertThat(AgentSettings.from(settings(HOST)).allowedAliases()).isEmpty();

        AgentConfig other = AgentSettings.from(settings(Map.of(
                "host", "node1",
                "layout", "skydns,json",
                "skydns-domain", "example.com",
                "allow-alias", "/app/dbs,/legacy")));
        assertThat(other.layouts().kinds()).containsExactly(LayoutConfig.Kind.JSON, LayoutConfig.Kind.SKYDNS);
        assertThat(other.layouts().skydnsDomain()).isEqualTo("example.com");
        assertThat(other.allowedAliases()).containsExactly("/app/dbs", "/legacy");
    }

    @Test
    void layoutsThatWouldWriteTheSameKeysAreRefused() {
        Map<String, String> both =
                Map.of("host", "node1", "layout", "json,registrator", "registrator-prefix", "/services");
        assertThatThrownBy(() -> AgentSettings.from(settings(both)))
                .isInstanceOf(UsageException.class)
                .hasMessage(
                        "--registrator-prefix '/services': the layouts json and registrator would write the same keys;"
                                + " allowed is another");
        assertThat(AgentSettings.from(settings(
                                Map.of("host", "node1", "layout", "registrator", "registrator-prefix", "/services")))
                        .layouts()
                        .registratorPrefix())
                .isEqualTo("/services");
    }

    @Test
    void severalEtcdEndpointsAreKeptInTheirOrder() {
        EtcdConfig etcd = EtcdSettings.from(settings(Map.of("etcd-endpoints", "http://b:2379, http://[::1]:1/")));

        assertThat(etcd.endpoints()).containsExactly(URI.create("http://b:2379"), URI.create("http://[::1]:1"));
        assertThat(etcd.timeout()).hasSeconds(5);
    }

    @Test
    void aWatcherThatIsToStartHaproxyNeedsTheProgram() {
        Settings settings =
                settings(Map.of("host", "node1", "haproxy-run", "true", "haproxy-binary", "/nowhere/haproxy"));

        assertThatThrownBy(() -> WatcherSettings.from(settings, Map.of()))
                .isInstanceOf(UsageException.class)
                .hasMessage(
                        "--haproxy-binary '/nowhere/haproxy': there is no such program, and --haproxy-run is to start it");
        assertThat(WatcherSettings.from(settings(HOST), Map.of()).haproxy().run())
                .isFalse();
    }

    @Test
    void aWatcherDrivesHaproxyWhereDebianHasIt() {
        WatcherConfig watcher = WatcherSettings.from(settings(HOST), Map.of());

        assertThat(watcher.watcher()).isEqualTo("node1");
        assertThat(watcher.providers()).containsExactly("haproxy");
        assertThat(watcher.haproxy().config()).isEqualTo(Path.of("/etc/haproxy/muster.cfg"));
        assertThat(watcher.haproxy().binds()).isEqualTo(List.of("*:8080"));
    }

    @Test
    void aWatcherOfAmbassadorsDrivesNothingElseUnlessItIsTold() {
        Map<String, String> flags = Map.of(
                "host",
                "node1",
                "ambassador",
                "db:5432,cache:6379",
                "ambassador-address",
                "::1",
                "haproxy-binary",
                "/bin/sh");
        WatcherConfig alone = WatcherSettings.from(settings(flags), Map.of());
        assertThat(alone.providers()).containsExactly("ambassador");
        assertThat(alone.ambassadors())
                .contains(new AmbassadorConfig(
                        new TreeMap<>(Map.of("db", 5432, "cache", 6379)), "[::1]", false, Set.of(), false));

        Map<String, String> both = new TreeMap<>(flags);
        both.put("provider", "haproxy");
        assertThat(WatcherSettings.from(settings(both), Map.of()).providers()).containsExactly("haproxy", "ambassador");
    }

    @Test
    void ambassadorsNeedHaproxy() {
        Map<String, String> flags =
                Map.of("host", "node1", "ambassador", "db:5432", "haproxy-binary", "/nowhere/haproxy");
        assertThatThrownBy(() -> WatcherSettings.from(settings(flags), Map.of()))
                .hasMessage(
                        "--haproxy-binary '/nowhere/haproxy': there is no such program, and ambassadors listen and forward by it");
    }

    @Test
    void theEndpointForMetricsCanBeSwitchedOff() {
        assertThat(settings(Map.of()).get(HttpSettings.WATCHER).address()).contains(new HostPort("127.0.0.1", 9465));
        assertThat(settings(Map.of("http", "none")).get(HttpSettings.WATCHER).address())
                .isEmpty();
        assertThat(settings(Map.of("http", "[::1]:0")).get(HttpSettings.AGENT).address())
                .contains(new HostPort("::1", 0));
    }

    static Settings settings(Map<String, String> flags) {
        return new Settings(flags, Map.of(), ConfigFile.none());
    }
}
