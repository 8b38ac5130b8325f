package dev.muster.source.docker;

import static dev.muster.testkit.DockerCli.docker;
import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.model.Addresses;
import dev.muster.model.Candidate;
import dev.muster.model.Instance;
import dev.muster.model.InstanceId;
import dev.muster.model.Protocol;
import dev.muster.source.Container;
import dev.muster.source.HostRules;
import dev.muster.source.Registrations;
import dev.muster.testkit.DockerCli;
import java.net.URI;
import java.util.List;
import java.util.SortedMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** From a real engine's word to instances: what labels, environment, ports, networks and images come to. */
@Timeout(120)
final class DockerNamesIT {

    private static final Addresses HOST = new Addresses("203.0.113.7", "10.1.2.3", "2001:db8::7", "");

    private final DockerCli cli = new DockerCli();
    private final DockerContainers docker = new DockerContainers(URI.create("unix:///var/run/docker.sock"));

    @AfterEach
    void stop() {
        docker.close();
        cli.close();
    }

    private SortedMap<InstanceId, Candidate> named(boolean containerAddresses, String id) throws Exception {
        Container container = docker.find(id).orElseThrow();
        return new Registrations(new HostRules("h1", HOST, containerAddresses, false))
                .of(List.of(container))
                .candidates();
    }

    private static Instance only(SortedMap<InstanceId, Candidate> candidates, String service) {
        return candidates.values().stream()
                .map(Candidate::instance)
                .filter(instance -> instance.id().service().equals(service))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void registratorsWordsPortsAndImageBecomeInstances() throws Exception {
        String name = DockerCli.name("names");
        String id = cli.run(
                "--name=" + name,
                "-p=80",
                "-p=53/udp",
                "-e=SERVICE_NAME=author",
                "-e=SERVICE_80_NAME=front",
                "-e=SERVICE_TOKEN=hunter2",
                "-l=SERVICE_NAME=operator",
                "-l=SERVICE_TAGS=www,a\\,b",
                "-l=SERVICE_REGION=us2");
        SortedMap<InstanceId, Candidate> candidates = named(false, id);
        assertThat(candidates.keySet())
                .extracting(InstanceId::toString)
                .containsExactly("front/h1-" + name, "operator-53/h1-" + name);
        Instance front = only(candidates, "front");
        assertThat(front.attributes())
                .containsEntry("region", "us2")
                .containsEntry("tags", "www,a\\,b")
                .containsEntry("image_id", docker("inspect", "-f", "{{.Image}}", id))
                .doesNotContainKey("token");
        assertThat(front.addresses().ipv4()).contains(new Addresses("203.0.113.7", "10.1.2.3"));
        Instance dns = only(candidates, "operator-53");
        assertThat(dns.protocol()).isEqualTo(Protocol.UDP);
        assertThat(dns.port())
                .isEqualTo(Integer.parseInt(docker("port", id, "53/udp")
                        .lines()
                        .filter(line -> line.startsWith("0.0.0.0"))
                        .findFirst()
                        .orElseThrow()
                        .replaceAll(".*:", "")));

        docker("restart", "-t", "1", id);
        assertThat(named(false, id).keySet()).as("over a restart").isEqualTo(candidates.keySet());
    }

    @Test
    void aTwinOnTheSamePortIsTheSameInstanceAtBothFamilies() throws Exception {
        String id = cli.run("-p=127.0.0.1:18099:80", "-p=[::1]:18099:80", "-l=muster.service=web");
        Container container = docker.find(id).orElseThrow();
        Addresses local = new Addresses("", "127.0.0.1", "", "::1");
        SortedMap<InstanceId, Candidate> candidates = new Registrations(new HostRules("h1", local, false, false))
                .of(List.of(container))
                .candidates();
        assertThat(candidates).hasSize(1);
        assertThat(only(candidates, "web").addresses()).isEqualTo(local);
        assertThat(named(false, id)).as("where nobody said that it is there").isEmpty();
    }

    @Test
    void anAddressOfBothFamiliesOnANamedNetwork() throws Exception {
        String network = DockerCli.name("six");
        docker("network", "create", "--ipv6", "--subnet", "fd37:99::/64", "--label", DockerCli.LABEL, network);
        try {
            String id = cli.run("-l=muster.network=" + network, "-l=muster.service=web");
            docker("network", "connect", network, id);
            Instance web = only(named(true, id), "web");
            String inspected = docker(
                    "inspect",
                    "-f",
                    "{{with index .NetworkSettings.Networks \"%s\"}}{{.IPAddress}} {{.GlobalIPv6Address}}{{end}}"
                            .formatted(network),
                    id);
            assertThat(web.addresses().privateIpv4() + " " + web.addresses().privateIpv6())
                    .isEqualTo(inspected)
                    .contains("fd37:99::");
            assertThat(web.port()).isEqualTo(80);
        } finally {
            cli.close();
            docker("network", "rm", network);
        }
    }
}
