package dev.muster.source;

import dev.muster.model.CheckSpec;
import dev.muster.model.Instance;
import dev.muster.model.Name;
import dev.muster.model.Protocol;
import dev.muster.model.Route;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a container's labels say of itself and of each of its ports: {@code muster.<key>}, or {@code muster.<port>.<key>}
 * which beats it. Registrator's labels will be read here too, behind these. Every method throws IllegalArgumentException,
 * naming the label, its value and what is allowed, for a value that it cannot take.
 */
final class ContainerLabels {

    private static final String PREFIX = "muster.";
    private static final String COMPOSE = "com.docker.compose.";
    private static final String OCI_VERSION = "org.opencontainers.image.version";

    /** The characters of a systemd unit's name (systemd.unit(5)). */
    private static final Pattern UNIT = Pattern.compile("[A-Za-z0-9:_.\\\\@-]{1,255}");

    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,5}");

    private final Map<String, String> labels;

    ContainerLabels(Map<String, String> labels) {
        this.labels = labels;
    }

    /** Whether a sidecar of its own registers it. */
    boolean ofSidecar() {
        return "sidecar".equals(labels.get(PREFIX + "agent"));
    }

    /** Whether it is to be registered at all. */
    boolean wanted(boolean optIn) {
        if (flag("ignore").orElse(false)) {
            return false;
        }
        return flag("enable").orElse(!optIn);
    }

    /** Whether this port of it is. */
    boolean wanted(int port) {
        return !flag(port + ".ignore").orElse(false) && flag(port + ".enable").orElse(true);
    }

    /** Whether somebody meant it to be registered, rather than left it to the rule that every published port is. */
    boolean meant() {
        return labels.containsKey(PREFIX + "service") || flag("enable").orElse(false);
    }

    /** The service that the labels choose for this port alone. */
    Optional<String> serviceOf(int port) {
        return text(port + ".service");
    }

    /** The service that the labels choose for the whole container. */
    Optional<String> service() {
        return text("service");
    }

    Optional<String> instanceOf(int port) {
        return text(port + ".instance");
    }

    Optional<String> instance() {
        return text("instance");
    }

    Optional<String> network() {
        return text("network");
    }

    /** A udp port is udp; a tcp port speaks HTTP unless the labels say otherwise. */
    Protocol protocol(Container.Port port) {
        if (port.protocol() == Protocol.UDP) {
            return Protocol.UDP;
        }
        Optional<String> said = of(port.number(), "protocol");
        if (said.isEmpty()) {
            return Protocol.HTTP;
        }
        Protocol protocol = Protocol.parse(PREFIX + "protocol", said.get());
        if (protocol == Protocol.UDP) {
            throw new IllegalArgumentException(
                    "muster.protocol 'udp': %d is a tcp port, allowed are http, tcp".formatted(port.number()));
        }
        return protocol;
    }

    CheckSpec check(Container.Port port) {
        Optional<String> said = of(port.number(), "check");
        if (said.isPresent() && !said.get().equals("none") && !said.get().equals("tcp")) {
            throw new IllegalArgumentException(
                    "muster.check '%s': allowed are tcp, none".formatted(Name.printable(said.get())));
        }
        boolean none = port.protocol() == Protocol.UDP || said.orElse("tcp").equals("none");
        return none ? CheckSpec.NONE : CheckSpec.TCP;
    }

    int weight(int port) {
        return of(port, "weight").map(text -> number("weight", text)).orElse(Instance.DEFAULT_WEIGHT);
    }

    List<Route> routes(int port) {
        Optional<String> host = of(port, "route.host");
        Optional<String> path = of(port, "route.path");
        Optional<String> own = of(port, "route.port");
        if (host.isEmpty() && path.isEmpty() && own.isEmpty()) {
            return List.of();
        }
        return List.of(new Route(
                host.orElse("").toLowerCase(Locale.ROOT),
                path.orElse(""),
                own.map(text -> number("route.port", text)).orElse(0)));
    }

    /** The systemd unit that runs it, or empty. */
    String unit() {
        String unit = text("unit").orElse("");
        if (!unit.isEmpty() && !UNIT.matcher(unit).matches()) {
            throw new IllegalArgumentException(
                    "muster.unit '%s': allowed is a systemd unit's name".formatted(Name.printable(unit)));
        }
        return unit;
    }

    /** What the image says of its version. Nobody who runs it chose that text, so an odd one refuses nothing. */
    Optional<String> version() {
        return Optional.ofNullable(labels.get(OCI_VERSION))
                .filter(text -> !text.isEmpty())
                .map(Name::printable);
    }

    /** Compose's name for the service, unless this is a one-off run beside it. */
    Optional<Compose> compose() {
        String project = labels.getOrDefault(COMPOSE + "project", "");
        String service = labels.getOrDefault(COMPOSE + "service", "");
        String number = labels.getOrDefault(COMPOSE + "container-number", "");
        boolean oneOff = labels.getOrDefault(COMPOSE + "oneoff", "").equalsIgnoreCase("true");
        return service.isEmpty() ? Optional.empty() : Optional.of(new Compose(project, service, number, oneOff));
    }

    /**
     * What Compose says of its containers.
     *
     * @param oneOff from {@code compose run}: its number says nothing
     */
    record Compose(String project, String service, String number, boolean oneOff) {
        boolean numbered() {
            return !oneOff && !project.isEmpty() && !number.isEmpty();
        }
    }

    private Optional<String> of(int port, String key) {
        Optional<String> own = text(port + "." + key);
        return own.isPresent() ? own : text(key);
    }

    /** An empty label is as good as none. */
    private Optional<String> text(String key) {
        return Optional.ofNullable(labels.get(PREFIX + key)).filter(text -> !text.isEmpty());
    }

    /** A label without a value says yes. */
    private Optional<Boolean> flag(String key) {
        String text = labels.get(PREFIX + key);
        if (text == null) {
            return Optional.empty();
        }
        return switch (text) {
            case "", "true" -> Optional.of(true);
            case "false" -> Optional.of(false);
            default ->
                throw new IllegalArgumentException(
                        "%s '%s': allowed are true, false".formatted(PREFIX + key, Name.printable(text)));
        };
    }

    private static int number(String key, String text) {
        if (!NUMBER.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "%s '%s': allowed is a number".formatted(PREFIX + key, Name.printable(text)));
        }
        return Integer.parseInt(text);
    }
}
