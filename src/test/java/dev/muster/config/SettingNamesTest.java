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
            agent | --etcd-discovery-srv | MUSTER_ETCD_DISCOVERY_SRV | -
            agent | --etcd-ca | MUSTER_ETCD_CA | -
            agent | --etcd-cert | MUSTER_ETCD_CERT | -
            agent | --etcd-key | MUSTER_ETCD_KEY | -
            agent | --etcd-user | MUSTER_ETCD_USER | -
            agent | --etcd-password-file | MUSTER_ETCD_PASSWORD_FILE | -
            agent | --etcd-timeout    | MUSTER_ETCD_TIMEOUT    | 5s
            agent | --etcd-root | MUSTER_ETCD_ROOT | -
            agent | --prefix          | MUSTER_PREFIX          | /services
            agent | --docker          | MUSTER_DOCKER          | unix:///var/run/docker.sock
            agent | --docker-tls-dir  | MUSTER_DOCKER_TLS_DIR  | -
            agent | --opt-in          | MUSTER_OPT_IN          | false
            agent | --public-address  | MUSTER_PUBLIC_ADDRESS  | -
            agent | --private-address | MUSTER_PRIVATE_ADDRESS | -
            agent | --address-mode    | MUSTER_ADDRESS_MODE    | host
            agent | --ec2-metadata    | MUSTER_EC2_METADATA    | false
            agent | --id-template     | MUSTER_ID_TEMPLATE     | -
            agent | --log-url-template | MUSTER_LOG_URL_TEMPLATE | -
            agent | --unit-field      | MUSTER_UNIT_FIELD      | -
            agent | --check-interval  | MUSTER_CHECK_INTERVAL  | 2s
            agent | --check-timeout   | MUSTER_CHECK_TIMEOUT   | 1s
            agent | --check-rise      | MUSTER_CHECK_RISE      | 1
            agent | --check-fall      | MUSTER_CHECK_FALL      | 3
            agent | --layout             | MUSTER_LAYOUT             | fields
            agent | --registrator-prefix | MUSTER_REGISTRATOR_PREFIX | /registrator
            agent | --skydns-prefix      | MUSTER_SKYDNS_PREFIX      | /skydns
            agent | --skydns-domain      | MUSTER_SKYDNS_DOMAIN      | skydns.local
            agent | --allow-alias        | MUSTER_ALLOW_ALIAS        | -
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
            watcher | --etcd-discovery-srv | MUSTER_ETCD_DISCOVERY_SRV | -
            watcher | --etcd-ca | MUSTER_ETCD_CA | -
            watcher | --etcd-cert | MUSTER_ETCD_CERT | -
            watcher | --etcd-key | MUSTER_ETCD_KEY | -
            watcher | --etcd-user | MUSTER_ETCD_USER | -
            watcher | --etcd-password-file | MUSTER_ETCD_PASSWORD_FILE | -
            watcher | --etcd-timeout          | MUSTER_ETCD_TIMEOUT          | 5s
            watcher | --etcd-root | MUSTER_ETCD_ROOT | -
            watcher | --prefix                | MUSTER_PREFIX                | /services
            watcher | --provider              | MUSTER_PROVIDER              | haproxy
            watcher | --haproxy-config        | MUSTER_HAPROXY_CONFIG        | /etc/haproxy/muster.cfg
            watcher | --haproxy-socket        | MUSTER_HAPROXY_SOCKET        | /run/haproxy/admin.sock
            watcher | --haproxy-master-socket | MUSTER_HAPROXY_MASTER_SOCKET | /run/haproxy-master.sock
            watcher | --haproxy-snippets      | MUSTER_HAPROXY_SNIPPETS      | /etc/haproxy/muster.d
            watcher | --haproxy-bind          | MUSTER_HAPROXY_BIND          | *:8080
            watcher | --haproxy-tls-bind      | MUSTER_HAPROXY_TLS_BIND      | *:8443
            watcher | --haproxy-certificates  | MUSTER_HAPROXY_CERTIFICATES  | -
            watcher | --haproxy-run           | MUSTER_HAPROXY_RUN           | false
            watcher | --haproxy-binary        | MUSTER_HAPROXY_BINARY        | haproxy
            watcher | --templates             | MUSTER_TEMPLATES             | /etc/muster/templates
            watcher | --templates-state       | MUSTER_TEMPLATES_STATE       | /var/lib/muster
            watcher | --templates-interval    | MUSTER_TEMPLATES_INTERVAL    | 0s
            watcher | --ambassador            | MUSTER_AMBASSADOR            | -
            watcher | --ambassador-address    | MUSTER_AMBASSADOR_ADDRESS    | 127.0.0.1
            watcher | --master-only           | MUSTER_MASTER_ONLY           | false
            watcher | --exclude-instance      | MUSTER_EXCLUDE_INSTANCE      | -
            watcher | --public                | MUSTER_PUBLIC                | false
            watcher | --aws-region            | MUSTER_AWS_REGION            | -
            watcher | --aws-endpoint          | MUSTER_AWS_ENDPOINT          | -
            watcher | --aws-timeout           | MUSTER_AWS_TIMEOUT           | -
            watcher | --aws-credentials       | MUSTER_AWS_CREDENTIALS       | default
            watcher | --aws-role-arn          | MUSTER_AWS_ROLE_ARN          | -
            watcher | --aws-external-id       | MUSTER_AWS_EXTERNAL_ID       | -
            watcher | --aws-roles             | MUSTER_AWS_ROLES             | -
            watcher | --route53-zones         | MUSTER_ROUTE53_ZONES         | all
            watcher | --route53-reread        | MUSTER_ROUTE53_REREAD        | 60s
            watcher | --policy                | MUSTER_POLICY                | sync
            watcher | --host                  | MUSTER_HOST                  | -
            watcher | --ttl                   | MUSTER_TTL                   | 10s
            watcher | --resync                | MUSTER_RESYNC                | 60s
            watcher | --state-dir             | MUSTER_STATE_DIR             | /run/muster
            watcher | --no-host-lock          | MUSTER_NO_HOST_LOCK          | false
            watcher | --fail-fast             | MUSTER_FAIL_FAST             | false
            watcher | --watcher-id            | MUSTER_WATCHER_ID            | -
            watcher | --group                 | MUSTER_GROUP                 | -
            watcher | --probe-timeout         | MUSTER_PROBE_TIMEOUT         | 1s
            watcher | --dry-run               | MUSTER_DRY_RUN               | false
            watcher | --once                  | MUSTER_ONCE                  | false
            watcher | --once-within           | MUSTER_ONCE_WITHIN           | 60s
            watcher | --http                  | MUSTER_HTTP                  | 127.0.0.1:9465
            dev | --data            | MUSTER_DATA            | -
            dev | --bind            | MUSTER_BIND            | -
            dev | --etcd-port       | MUSTER_ETCD_PORT       | -
            dev | --etcd-binary     | MUSTER_ETCD_BINARY     | etcd
            dev | --haproxy-binary  | MUSTER_HAPROXY_BINARY  | haproxy
            dev | --host            | MUSTER_HOST            | -
            dev | --docker          | MUSTER_DOCKER          | unix:///var/run/docker.sock
            dev | --docker-tls-dir  | MUSTER_DOCKER_TLS_DIR  | -
            dev | --opt-in          | MUSTER_OPT_IN          | false
            dev | --public-address  | MUSTER_PUBLIC_ADDRESS  | -
            dev | --private-address | MUSTER_PRIVATE_ADDRESS | -
            dev | --address-mode    | MUSTER_ADDRESS_MODE    | host
            dev | --ec2-metadata    | MUSTER_EC2_METADATA    | false
            dev | --id-template     | MUSTER_ID_TEMPLATE     | -
            dev | --log-url-template | MUSTER_LOG_URL_TEMPLATE | -
            dev | --unit-field      | MUSTER_UNIT_FIELD      | -
            dev | --check-interval  | MUSTER_CHECK_INTERVAL  | 2s
            dev | --check-timeout   | MUSTER_CHECK_TIMEOUT   | 1s
            dev | --check-rise      | MUSTER_CHECK_RISE      | 1
            dev | --check-fall      | MUSTER_CHECK_FALL      | 3
            dev | --ttl             | MUSTER_TTL             | 10s
            dev | --resync          | MUSTER_RESYNC          | 60s
            dev | --probe-timeout   | MUSTER_PROBE_TIMEOUT   | 1s
            doctor | --only | MUSTER_ONLY | -
            doctor | --http | MUSTER_HTTP | -
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
                        rows("doctor", List.of(DoctorSettings.ONLY, HttpSettings.EITHER)),
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
            --etcd-endpoints   | ftp://10.0.0.5:2379       | https://HOST:PORT
            --etcd-endpoints   | http://10.0.0.5:70000     | http://HOST:PORT
            --etcd-endpoints   | https:x                   | http://HOST:PORT
            --etcd-discovery-srv | a b                     | example.com
            --etcd-discovery-srv | example..com            | example.com
            --etcd-user        | root:secret               | colon
            --etcd-root        | staging/                  | without a slash at the end
            --etcd-endpoints   | 10.0.0.5:2379             | http://HOST:PORT
            --etcd-endpoints   | http://10.0.0.5           | http://HOST:PORT
            --etcd-endpoints   | http://a:1,,http://b:2    | http://HOST:PORT
            --etcd-endpoints   | http://u:p@10.0.0.5:2379  | http://HOST:PORT
            --etcd-endpoints   | http://10.0.0.5:2379/v3   | http://HOST:PORT
            --prefix           | services                  | /services
            --prefix           | /services/                | without a slash at the end
            --docker           | /var/run/docker.sock      | unix:///PATH
            --docker           | unix://                   | unix:///PATH
            --docker           | tcp://10.0.0.9            | tcp://HOST:PORT
            --container        | /web                      | letters
            --container        | a/b                       | letters
            --unit             | web@.service              | web@01.service
            --service          | a/b                       | letters
            --static           | web                       | SERVICE/INSTANCE
            --static           | web/a=1,,web/b=2          | SERVICE/INSTANCE
            --public-address   | localhost                 | IPv4
            --public-address   | 10.0.0.1,10.0.0.2        | one of each
            --private-address  | fd00::1,fd00::2          | one of each
            --private-address  | [fd00::1]                | IPv6
            --private-address  | 10.0.0.1,                | one of each
            --id-template      | %{hostname}              | '%{hostname}' is no field, allowed are %{host}
            --log-url-template | logs/%{host}             | http://
            --log-url-template | http://logs/%{pod}       | is no field
            --unit-field       | a%{                      | without its '}'
            --address-mode     | both                      | host, container
            --check-rise       | 0                         | 1 to 100
            --check-fall       | 1.5                       | 1 to 100
            --check-timeout    | 5ms                       | 10ms to 60s
            --host             | ../x                      | letters
            --host             | a b                       | letters
            --agent-id         | -x                        | letters
            --on-stop          | stop                      | keep, drain
            --layout           | field                     | fields, json, presence
            --layout           | fields,                   | fields, json, presence
            --registrator-prefix | /x/                     | without a slash at the end
            --skydns-prefix    | /muster/x                 | not below /muster
            --skydns-domain    | Example.com               | lower-case domain
            --skydns-domain    | a..b                      | lower-case domain
            --allow-alias      | /muster                   | not below /muster
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
