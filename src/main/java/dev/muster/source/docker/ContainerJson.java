package dev.muster.source.docker;

import dev.muster.model.Protocol;
import dev.muster.model.Run;
import dev.muster.source.Container;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Reads an inspection (<a href="https://docs.docker.com/reference/api/engine/version/v1.41/#tag/Container/operation/ContainerInspect">
 * ContainerInspect</a>). Used once.
 */
final class ContainerJson {

    /** No label that Muster reads may be this long; the rest of a longer one is of no use to anyone. */
    private static final int LONGEST_VALUE = 4096;

    private final Json json;
    private String id = "";
    private String name = "";
    private String image = "";
    private String imageId = "";
    private String status = "";
    private String startedAt = "";
    private boolean hostNetwork;
    private final Map<String, String> labels = new HashMap<>();
    private final Map<String, String> environment = new HashMap<>();
    private final List<Container.PortBinding> bindings = new ArrayList<>();
    private final List<Container.Port> exposed = new ArrayList<>();
    private final Map<String, String> networks = new HashMap<>();
    private final Map<String, String> ipv6 = new HashMap<>();

    private ContainerJson(Json json) {
        this.json = json;
    }

    static Container read(InputStream body) throws IOException {
        try (Json json = Json.of(body)) {
            json.next();
            Container container = new ContainerJson(json).container();
            json.end();
            return container;
        }
    }

    private Container container() throws IOException {
        json.object(field -> {
            switch (field) {
                case "Id" -> id = json.text();
                case "Name" -> name = json.text();
                case "Image" -> imageId = cut(json.text());
                case "State" -> json.object(this::state);
                case "HostConfig" -> json.object(this::hostConfig);
                case "Config" -> json.object(this::config);
                case "NetworkSettings" -> json.object(this::network);
                default -> {}
            }
        });
        return new Container(
                new Run(required("Id", id), required("State.StartedAt", startedAt)),
                name.startsWith("/") ? name.substring(1) : name,
                image,
                // Podman leaves the digest's kind out.
                imageId.matches("[0-9a-f]{64}") ? "sha256:" + imageId : imageId,
                switch (required("State.Status", status)) {
                    case "running" -> Container.State.RUNNING;
                    case "paused" -> Container.State.PAUSED;
                    default -> Container.State.STOPPED;
                },
                Map.copyOf(labels),
                Map.copyOf(environment),
                List.copyOf(bindings),
                List.copyOf(exposed),
                Map.copyOf(networks),
                Map.copyOf(ipv6),
                hostNetwork);
    }

    private void state(String field) throws IOException {
        if (field.equals("Status")) {
            status = json.text();
        } else if (field.equals("StartedAt")) {
            startedAt = json.text();
        }
    }

    private void hostConfig(String field) throws IOException {
        if (field.equals("NetworkMode")) {
            hostNetwork = json.text().equals("host");
        }
    }

    private void config(String field) throws IOException {
        switch (field) {
            case "Image" -> image = json.text();
            case "Labels" -> json.object(key -> labels.put(cut(key), cut(json.text())));
            case "Env" -> json.array(() -> variable(json.text()));
            case "ExposedPorts" -> json.object(key -> port(key, exposed::add));
            default -> {}
        }
    }

    /** Only what names a service: an environment is full of secrets, which are best not held at all. */
    private void variable(String assignment) {
        int equals = assignment.indexOf('=');
        if (equals > 0 && assignment.startsWith("SERVICE_")) {
            environment.put(cut(assignment.substring(0, equals)), cut(assignment.substring(equals + 1)));
        }
    }

    private void network(String field) throws IOException {
        if (field.equals("Ports")) {
            json.object(key -> json.array(() -> binding(key)));
        } else if (field.equals("Networks")) {
            json.object(key -> {
                networks.put(key, "");
                json.object(inner -> {
                    if (inner.equals("IPAddress")) {
                        networks.put(key, json.text());
                    } else if (inner.equals("GlobalIPv6Address") && !json.text().isEmpty()) {
                        ipv6.put(key, json.text());
                    }
                });
            });
        }
    }

    private void binding(String containerPort) throws IOException {
        String[] found = {"", ""};
        json.object(field -> {
            if (field.equals("HostIp")) {
                found[0] = json.text();
            } else if (field.equals("HostPort")) {
                found[1] = json.text();
            }
        });
        int hostPort = number(found[1]);
        if (hostPort > 0) {
            // Podman leaves the address empty where Docker writes the wildcard.
            String address = found[0].isEmpty() ? "0.0.0.0" : found[0];
            port(containerPort, port -> bindings.add(new Container.PortBinding(port, address, hostPort)));
        }
    }

    /** {@code 80/tcp}; what is neither tcp nor udp cannot be registered and is left out. */
    private static void port(String text, Consumer<Container.Port> to) {
        int slash = text.indexOf('/');
        int number = number(slash < 0 ? text : text.substring(0, slash));
        String protocol = slash < 0 ? "tcp" : text.substring(slash + 1);
        if (number > 0 && (protocol.equals("tcp") || protocol.equals("udp"))) {
            to.accept(new Container.Port(number, protocol.equals("tcp") ? Protocol.TCP : Protocol.UDP));
        }
    }

    /** @return 1 to 65535, or 0 for anything else */
    private static int number(String digits) {
        int number = 0;
        for (int i = 0; i < digits.length(); i++) {
            char c = digits.charAt(i);
            if (c < '0' || c > '9' || number > 65535) {
                return 0;
            }
            number = number * 10 + (c - '0');
        }
        return number <= 65535 ? number : 0;
    }

    private static String cut(String text) {
        return text.length() <= LONGEST_VALUE ? text : text.substring(0, LONGEST_VALUE);
    }

    static String required(String field, String value) throws IOException {
        if (value.isEmpty()) {
            throw new IOException("an answer without '%s'".formatted(field));
        }
        return value;
    }
}
