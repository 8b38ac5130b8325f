package dev.muster.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The names that people have in their units and files: who changes one breaks them. */
class SettingNamesTest {

    private static final String TABLE = """
            agent | --etcd-endpoints  | MUSTER_ETCD_ENDPOINTS  | http://127.0.0.1:2379
            agent | --etcd-timeout    | MUSTER_ETCD_TIMEOUT    | 5s
            agent | --prefix          | MUSTER_PREFIX          | /services
            agent | --docker          | MUSTER_DOCKER          | unix:///var/run/docker.sock
            agent | --opt-in          | MUSTER_OPT_IN          | false
            agent | --public-address  | MUSTER_PUBLIC_ADDRESS  | -
            agent | --private-address | MUSTER_PRIVATE_ADDRESS | -
            agent | --address-mode    | MUSTER_ADDRESS_MODE    | host
            agent | --check-interval  | MUSTER_CHECK_INTERVAL  | 2s
            agent | --check-timeout   | MUSTER_CHECK_TIMEOUT   | 1s
            agent | --check-rise      | MUSTER_CHECK_RISE      | 1
            agent | --check-fall      | MUSTER_CHECK_FALL      | 3
            agent | --container       | MUSTER_CONTAINER       | -
            agent | --unit            | MUSTER_UNIT            | -
            agent | --service         | MUSTER_SERVICE         | -
            agent | --static          | MUSTER_STATIC          | -
            agent | --static-file     | MUSTER_STATIC_FILE     | -
            agent | --host            | MUSTER_HOST            | -
            agent | --ttl             | MUSTER_TTL             | 10s
            agent | --resync          | MUSTER_RESYNC          | 60s
            agent | --state-dir       | MUSTER_STATE_DIR       | /run/muster
            agent | --no-host-lock    | MUSTER_NO_HOST_LOCK    | false
            agent | --fail-fast       | MUSTER_FAIL_FAST       | false
            agent | --agent-id        | MUSTER_AGENT_ID        | -
            agent | --on-stop         | MUSTER_ON_STOP         | -
            agent | --http            | MUSTER_HTTP            | 127.0.0.1:9464
            watcher | --etcd-endpoints        | MUSTER_ETCD_ENDPOINTS        | http://127.0.0.1:2379
            watcher | --etcd-timeout          | MUSTER_ETCD_TIMEOUT          | 5s
            watcher | --prefix                | MUSTER_PREFIX                | /services
            watcher | --provider              | MUSTER_PROVIDER              | haproxy
            watcher | --haproxy-config        | MUSTER_HAPROXY_CONFIG        | /etc/haproxy/muster.cfg
            watcher | --haproxy-socket        | MUSTER_HAPROXY_SOCKET        | /run/haproxy/admin.sock
            watcher | --haproxy-master-socket | MUSTER_HAPROXY_MASTER_SOCKET | /run/haproxy-master.sock
            watcher | --haproxy-snippets      | MUSTER_HAPROXY_SNIPPETS      | /etc/haproxy/muster.d
            watcher | --haproxy-bind          | MUSTER_HAPROXY_BIND          | *:8080
            watcher | --haproxy-run           | MUSTER_HAPROXY_RUN           | false
            watcher | --haproxy-binary        | MUSTER_HAPROXY_BINARY        | haproxy
            watcher | --host                  | MUSTER_HOST                  | -
            watcher | --ttl                   | MUSTER_TTL                   | 10s
            watcher | --resync                | MUSTER_RESYNC                | 60s
            watcher | --state-dir             | MUSTER_STATE_DIR             | /run/muster
            watcher | --no-host-lock          | MUSTER_NO_HOST_LOCK          | false
            watcher | --fail-fast             | MUSTER_FAIL_FAST             | false
            watcher | --watcher-id            | MUSTER_WATCHER_ID            | -
            watcher | --probe-timeout         | MUSTER_PROBE_TIMEOUT         | 1s
            watcher | --http                  | MUSTER_HTTP                  | 127.0.0.1:9465
            dev | --data            | MUSTER_DATA            | -
            dev | --bind            | MUSTER_BIND            | -
            dev | --etcd-port       | MUSTER_ETCD_PORT       | -
            dev | --etcd-binary     | MUSTER_ETCD_BINARY     | etcd
            dev | --haproxy-binary  | MUSTER_HAPROXY_BINARY  | haproxy
            dev | --host            | MUSTER_HOST            | -
            dev | --docker          | MUSTER_DOCKER          | unix:///var/run/docker.sock
            dev | --opt-in          | MUSTER_OPT_IN          | false
            dev | --public-address  | MUSTER_PUBLIC_ADDRESS  | -
            dev | --private-address | MUSTER_PRIVATE_ADDRESS | -
            dev | --address-mode    | MUSTER_ADDRESS_MODE    | host
            dev | --check-interval  | MUSTER_CHECK_INTERVAL  | 2s
            dev | --check-timeout   | MUSTER_CHECK_TIMEOUT   | 1s
            dev | --check-rise      | MUSTER_CHECK_RISE      | 1
            dev | --check-fall      | MUSTER_CHECK_FALL      | 3
            dev | --ttl             | MUSTER_TTL             | 10s
            dev | --resync          | MUSTER_RESYNC          | 60s
            dev | --probe-timeout   | MUSTER_PROBE_TIMEOUT   | 1s
            every | --config     | MUSTER_CONFIG     | -
            every | --log-level  | MUSTER_LOG_LEVEL  | -
            every | --log-format | MUSTER_LOG_FORMAT | text
            """;

    @Test
    void everySettingHasTheseNamesAndThisDefault() {
        List<String> real = Stream.of(
                        rows("agent", AgentSettings.all()),
                        rows("watcher", WatcherSettings.all()),
                        rows("dev", DevSettings.all()),
                        rows("every", LogSettings.all()))
                .flatMap(rows -> rows)
                .toList();

        assertThat(real)
                .containsExactlyElementsOf(
                        TABLE.lines().map(line -> line.replaceAll(" +", " ")).toList());
    }

    @Test
    void everyDefaultIsItselfAllowed() {
        Stream.of(AgentSettings.all(), WatcherSettings.all(), DevSettings.all(), LogSettings.all())
                .flatMap(List::stream)
                .forEach(setting -> setting.defaultText()
                        .ifPresent(text -> assertThat(setting.parser().apply(text))
                                .as(setting.flag())
                                .isNotNull()));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --etcd-endpoints   | https://10.0.0.5:2379     | no TLS
            --etcd-endpoints   | 10.0.0.5:2379             | http://HOST:PORT
            --etcd-endpoints   | http://10.0.0.5           | http://HOST:PORT
            --etcd-endpoints   | http://a:1,,http://b:2    | http://HOST:PORT
            --etcd-endpoints   | http://u:p@10.0.0.5:2379  | http://HOST:PORT
            --etcd-endpoints   | http://10.0.0.5:2379/v3   | http://HOST:PORT
            --prefix           | services                  | /services
            --prefix           | /services/                | without a slash at the end
            --docker           | /var/run/docker.sock      | unix:///PATH
            --docker           | unix://                   | unix:///PATH
            --container        | /web                      | letters
            --container        | a/b                       | letters
            --unit             | web@.service              | web@01.service
            --service          | a/b                       | letters
            --static           | web                       | SERVICE/INSTANCE
            --static           | web/a=1,,web/b=2          | SERVICE/INSTANCE
            --public-address   | localhost                 | IPv4
            --address-mode     | both                      | host, container
            --check-rise       | 0                         | 1 to 100
            --check-fall       | 1.5                       | 1 to 100
            --check-timeout    | 5ms                       | 10ms to 60s
            --host             | ../x                      | letters
            --host             | a b                       | letters
            --agent-id         | -x                        | letters
            --on-stop          | stop                      | keep, drain
            --http             | 9464                      | HOST:PORT
            --http             | 127.0.0.1:70000           | 0 to 65535
            --http             | *:9464                    | 0.0.0.0:PORT
            --provider         | haproxi                   | did you mean haproxy?
            --haproxy-bind     | 8080                      | HOST:PORT
            --haproxy-bind     | *:0                       | HOST:PORT
            --haproxy-bind     | *:80 ssl crt /x           | HOST:PORT
            --haproxy-binary   | ha proxy                  | program
            --probe-timeout    | 1m                        | 10ms to 30s
            --log-level        | loud                      | error, warn, info, debug
            --log-format       | xml                       | text, json
            """)
    void whatIsNotAllowedIsRefusedSayingWhatIs(String flag, String value, String said) {
        Setting<?> setting = Stream.of(AgentSettings.all(), WatcherSettings.all(), DevSettings.all(), LogSettings.all())
                .flatMap(List::stream)
                .filter(each -> each.flag().equals(flag))
                .findFirst()
                .orElseThrow();

        assertThat(catchThrowable(() -> setting.parser().apply(value)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(said);
    }

    private static Stream<String> rows(String command, List<Setting<?>> settings) {
        return settings.stream()
                .map(setting -> String.join(
                        " | ",
                        command,
                        setting.flag(),
                        setting.variable(),
                        setting.defaultText().orElse("-")));
    }
}
