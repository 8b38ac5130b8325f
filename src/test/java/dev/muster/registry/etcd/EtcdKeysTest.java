package dev.muster.registry.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.model.InstanceId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EtcdKeysTest {

    private static final EtcdKeys KEYS = new EtcdKeys("/services");
    private static final InstanceId ID = new InstanceId("web", "web01");

    @Test
    void whatIsBuiltIsParsed() {
        assertThat(KEYS.field(ID, "port")).isEqualTo("/services/web/web01/port");
        assertThat(KEYS.parse(KEYS.field(ID, "port"))).isEqualTo(new EtcdKeys.Field("web", "web01", "port"));
        assertThat(KEYS.gone(ID)).isEqualTo("/services/web/gone/web01");
        assertThat(KEYS.parse(KEYS.gone(ID))).isEqualTo(new EtcdKeys.Gone("web", "web01"));
        assertThat(KEYS.setting("web", "dns_ttl")).isEqualTo("/services/web/dns_ttl");
        assertThat(KEYS.parse(KEYS.setting("web", "dns_ttl"))).isEqualTo(new EtcdKeys.Setting("web", "dns_ttl"));
        assertThat(EtcdKeys.agent("host1")).isEqualTo("/muster/agents/host1");
        assertThat(EtcdKeys.watcher("lb1")).isEqualTo("/muster/watchers/lb1");
        assertThat(EtcdKeys.applied("web", "haproxy", "lb1")).isEqualTo("/muster/applied/web/haproxy/lb1");
    }

    @Test
    void otherLayoutsHaveTheirPlaces() {
        assertThat(EtcdKeys.entry("/services", ID)).isEqualTo("/services/web/web01");
        assertThat(KEYS.parse("/services/web/web01")).isEqualTo(new EtcdKeys.Setting("web", "web01"));
        assertThat(KEYS.presence(ID)).isEqualTo("/services/web/instances/web01/");
        assertThat(KEYS.parse(KEYS.presence(ID) + "host")).isEqualTo(new EtcdKeys.Present("web", "web01", "host"));
        assertThat(KEYS.routes("web", "host1")).isEqualTo("/services/web/routes/host1");
        assertThat(KEYS.parse(KEYS.routes("web", "host1"))).isEqualTo(new EtcdKeys.Routes("web", "host1"));
    }

    @Test
    void aPrefixMayHaveSeveralParts() {
        EtcdKeys deep = new EtcdKeys("/fleet/a");
        assertThat(deep.parse(deep.field(ID, "port"))).isEqualTo(new EtcdKeys.Field("web", "web01", "port"));
        assertThat(deep.parse("/fleet/ab/web01/port")).isEqualTo(new EtcdKeys.Stray());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/services/web/drain/web01", "/services/rscloud/OS_PASSWORD"})
    void whatIsSomebodyElsesIsLetBe(String key) {
        assertThat(KEYS.parse(key)).isEqualTo(new EtcdKeys.Beside());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "/services",
                "/services/",
                "/services/web",
                "/services/web/",
                "/services//web01/port",
                "/services/web//port",
                "/services/web/web01/",
                "/services/web/web01/a/b",
                "/services/web/gone/",
                "/services/web/gone/a/b",
                "/services/web/routes/a/b",
                "/services/web/instances/1",
                "/services/web/instances/1/",
                "/services/web/instances/1/a/b",
                "/services/web/instances//host",
                "/servicesweb/web01/port",
                "/muster/agents/host1"
            })
    void whatHasNoUseIsStray(String key) {
        assertThat(KEYS.parse(key)).isEqualTo(new EtcdKeys.Stray());
    }
}
