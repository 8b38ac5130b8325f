package dev.muster.source.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.muster.model.Protocol;
import dev.muster.model.Run;
import dev.muster.source.Container;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ContainerJsonTest {

    private static final String ID = "2a934a2ceaf036d431f52dc70294d3c69e1cc47c6566a67bbc5ceb1380cc230b";

    /** Engine 20.10's answer, shortened. */
    static final String INSPECTED = """
            {"Id":"%s","Path":"python3","Args":["-I"],"State":{"Status":"running","Running":true,"Pid":2980,
             "StartedAt":"2026-11-21T09:04:09.835387489Z","FinishedAt":"0001-01-01T00:00:00Z"},
             "Image":"sha256:20da","Name":"/web-01","ExecIDs":null,
             "HostConfig":{"NetworkMode":"default","PortBindings":{"80/tcp":[{"HostIp":"","HostPort":""}]}},
             "Mounts":[],"Config":{"ExposedPorts":{"80/tcp":{},"53/udp":{},"9/sctp":{}},
             "Env":["PATH=/bin","DB_PASSWORD=hunter2","SERVICE_NAME=web"],"Image":"shop:1.4",
             "Labels":{"muster.service":"web","odd":null}},
             "NetworkSettings":{"Ports":{"443/tcp":null,"53/udp":[{"HostIp":"10.1.2.3","HostPort":"5353"}],
             "80/tcp":[{"HostIp":"0.0.0.0","HostPort":"32768"},{"HostIp":"::","HostPort":"32769"}]},
             "IPAddress":"172.17.0.2","Networks":{"bridge":{"IPAMConfig":null,"IPAddress":"172.17.0.2","GlobalIPv6Address":""},
             "six":{"IPAddress":"172.20.0.2","GlobalIPv6Address":"fd01::2"},
             "quiet":{"IPAddress":""}}}}
            """.formatted(ID);

    private static Container read(String json) throws IOException {
        return ContainerJson.read(new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void readsWhatRegistrationsNeed() throws IOException {
        Container container = read(INSPECTED);
        assertThat(container.run()).isEqualTo(new Run(ID, "2026-11-21T09:04:09.835387489Z"));
        assertThat(container.name()).isEqualTo("web-01");
        assertThat(container.image()).isEqualTo("shop:1.4");
        assertThat(container.state()).isEqualTo(Container.State.RUNNING);
        assertThat(container.labels()).containsEntry("muster.service", "web").containsEntry("odd", "");
        assertThat(container.networks()).isEqualTo(Map.of("bridge", "172.17.0.2", "six", "172.20.0.2", "quiet", ""));
        assertThat(container.ipv6()).isEqualTo(Map.of("six", "fd01::2"));
        assertThat(container.imageId()).isEqualTo("sha256:20da");
        assertThat(container.hostNetwork()).isFalse();
        Container.Port http = new Container.Port(80, Protocol.TCP);
        Container.Port dns = new Container.Port(53, Protocol.UDP);
        assertThat(container.exposed()).containsExactlyInAnyOrder(http, dns);
        assertThat(container.bindings())
                .containsExactlyInAnyOrder(
                        new Container.PortBinding(dns, "10.1.2.3", 5353),
                        new Container.PortBinding(http, "0.0.0.0", 32768),
                        new Container.PortBinding(http, "::", 32769));
    }

    @Test
    void podmansIdOfAnImageGetsItsKind() throws IOException {
        assertThat(read(INSPECTED.replace("sha256:20da", ID)).imageId()).isEqualTo("sha256:" + ID);
    }

    @Test
    void secretsInTheEnvironmentAreNotHeld() throws IOException {
        assertThat(read(INSPECTED).environment()).isEqualTo(Map.of("SERVICE_NAME", "web"));
    }

    @Test
    void onlyRunningAndPausedServe() throws IOException {
        assertThat(read(INSPECTED.replace("\"running\"", "\"paused\"")).state()).isEqualTo(Container.State.PAUSED);
        for (String status : new String[] {"created", "restarting", "removing", "exited", "dead", "stopping"}) {
            assertThat(read(INSPECTED.replace("\"running\"", "\"" + status + "\""))
                            .state())
                    .as(status)
                    .isEqualTo(Container.State.STOPPED);
        }
    }

    @Test
    void anAnswerThatIsCutAnywhereIsNoContainer() {
        String whole = INSPECTED.strip();
        for (int length = 0; length < whole.length(); length++) {
            String half = whole.substring(0, length);
            assertThatIOException().as("%d bytes", length).isThrownBy(() -> read(half));
        }
    }

    @Test
    void anAnswerWithoutItsIdStateOrStartIsNoContainer() {
        for (String field : new String[] {"\"Id\"", "\"Status\"", "\"StartedAt\""}) {
            assertThatIOException()
                    .isThrownBy(() -> read(INSPECTED.replace(field, "\"Other\"")))
                    .withMessageContaining(field.replace("\"", ""));
        }
        assertThatIOException().isThrownBy(() -> read("[]"));
        assertThatIOException().isThrownBy(() -> read("null"));
    }

    @Test
    void aMegabyteOfLabelIsCut() throws IOException {
        String long_ = "x".repeat(1 << 20);
        Container container = read(INSPECTED.replace("\"odd\":null", "\"%s\":\"%s\"".formatted(long_, long_)));
        assertThat(container.labels()).containsEntry("muster.service", "web").hasSize(2);
        assertThat(container.labels().toString()).hasSizeLessThan(10_000);
    }
}
