package dev.muster.source;

import dev.muster.model.Protocol;
import dev.muster.model.Run;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** Containers as an engine would report them, for tests. Start from {@link #published} or {@link #named}. */
public final class SampleContainers {

    public static final String STARTED_AT = "2026-11-20T10:00:00.123456789Z";

    private final String name;
    private String image = "registry.example:5000/team/shop:1.4";
    private String startedAt = STARTED_AT;
    private Container.State state = Container.State.RUNNING;
    private String imageId = "";
    private final Map<String, String> labels = new HashMap<>();
    private final Map<String, String> environment = new HashMap<>();
    private final Map<String, String> ipv6 = new HashMap<>();
    private final List<Container.PortBinding> bindings = new ArrayList<>();
    private final List<Container.Port> exposed = new ArrayList<>();
    private final Map<String, String> networks = new HashMap<>(Map.of("bridge", "172.17.0.5"));
    private boolean hostNetwork;

    private SampleContainers(String name) {
        this.name = name;
    }

    public static SampleContainers named(String name) {
        return new SampleContainers(name);
    }

    /** A running container with one port published on all addresses. */
    public static Container published(String name, int containerPort, int hostPort) {
        return named(name).tcp(containerPort, hostPort).build();
    }

    /** The id that {@link #build} gives to a container of this name. */
    public static String idOf(String name) {
        return "0".repeat(56) + HexFormat.of().toHexDigits(name.hashCode());
    }

    public SampleContainers image(String reference) {
        image = reference;
        return this;
    }

    public SampleContainers startedAt(String instant) {
        startedAt = instant;
        return this;
    }

    public SampleContainers state(Container.State newState) {
        state = newState;
        return this;
    }

    public SampleContainers label(String key, String value) {
        labels.put(key, value);
        return this;
    }

    public SampleContainers imageId(String id) {
        imageId = id;
        return this;
    }

    public SampleContainers environment(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    public SampleContainers ipv6(String network, String address) {
        ipv6.put(network, address);
        return this;
    }

    /** Publishes a port on all addresses, as {@code docker run -p} does: both families. */
    public SampleContainers tcp(int containerPort, int hostPort) {
        return bound(containerPort, Protocol.TCP, "0.0.0.0", hostPort)
                .bound(containerPort, Protocol.TCP, "::", hostPort);
    }

    public SampleContainers bound(int containerPort, Protocol protocol, String hostAddress, int hostPort) {
        Container.Port port = new Container.Port(containerPort, protocol);
        bindings.add(new Container.PortBinding(port, hostAddress, hostPort));
        return exposed(containerPort, protocol);
    }

    public SampleContainers exposed(int containerPort, Protocol protocol) {
        Container.Port port = new Container.Port(containerPort, protocol);
        if (!exposed.contains(port)) {
            exposed.add(port);
        }
        return this;
    }

    public SampleContainers network(String network, String address) {
        networks.put(network, address);
        return this;
    }

    public SampleContainers noNetworks() {
        networks.clear();
        return this;
    }

    public SampleContainers hostNetwork() {
        hostNetwork = true;
        networks.clear();
        networks.put("host", "");
        return this;
    }

    public Container build() {
        return new Container(
                new Run(idOf(name), startedAt),
                name,
                image,
                imageId,
                state,
                Map.copyOf(labels),
                Map.copyOf(environment),
                List.copyOf(bindings),
                List.copyOf(exposed),
                Map.copyOf(networks),
                Map.copyOf(ipv6),
                hostNetwork);
    }
}
