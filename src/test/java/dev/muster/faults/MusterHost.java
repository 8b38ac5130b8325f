package dev.muster.faults;

import dev.muster.testkit.DockerCli;
import dev.muster.testkit.EtcdProcess;
import dev.muster.testkit.HostedAgent;
import dev.muster.testkit.SimulatedHost;
import dev.muster.testkit.TcpProxy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/** A machine of its own with its own Docker, the agent that looks after it, and a way to etcd that can be cut. */
final class MusterHost implements AutoCloseable {

    final SimulatedHost machine = SimulatedHost.start();
    final DockerCli docker = new DockerCli(machine::docker, SimulatedHost.IMAGE);
    final TcpProxy link;
    final HostedAgent agent;
    private final String service;

    /**
     * Starts all of it and waits for nothing.
     *
     * @param service of its containers
     * @param more of the agent's environment
     */
    MusterHost(EtcdProcess etcd, String service, Duration ttl, Map<String, String> more) {
        this.service = service;
        try {
            link = new TcpProxy(InetAddress.getByName(machine.gateway()), etcd.port());
            Map<String, String> environment = new HashMap<>(Map.of(
                    "MUSTER_ETCD_ENDPOINTS",
                    "http://" + machine.gateway() + ":" + link.port(),
                    "MUSTER_TTL",
                    ttl.toSeconds() + "s"));
            environment.putAll(more);
            agent = HostedAgent.start(machine, environment);
        } catch (IOException e) {
            machine.close();
            throw new UncheckedIOException(e);
        }
    }

    /** The owner of what its agent publishes. */
    String name() {
        return machine.name();
    }

    /** {@code docker run} in there: an instance that serves, under its own name. @return the container's id */
    String container(String instance, String... options) {
        return docker.run(described(instance, options));
    }

    /** What {@code docker run} or {@code docker create} is told of an instance. */
    String[] described(String instance, String... options) {
        List<String> all = new ArrayList<>(List.of(
                "--name=" + instance,
                "--hostname=" + instance,
                "--label=muster.service=" + service,
                "--label=muster.instance=" + instance,
                "--publish=80"));
        all.addAll(Arrays.asList(options));
        return all.toArray(String[]::new);
    }

    /** The names of the containers that run there, as its own {@code docker ps} has them. */
    SortedSet<String> running() {
        return new TreeSet<>(machine.docker("ps", "--format={{.Names}}").lines().toList());
    }

    /** Ends its machine at once, with all that runs there. */
    void kill() {
        machine.kill();
    }

    @Override
    public void close() {
        machine.close();
        link.close();
    }
}
