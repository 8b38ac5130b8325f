package dev.muster.source;

import dev.muster.model.CheckSpec;
import dev.muster.model.DnsSettings;
import dev.muster.model.Instance;
import dev.muster.model.Name;
import dev.muster.model.Protocol;
import dev.muster.model.Route;
import dev.muster.model.ServiceSetting;
import dev.muster.model.UnitName;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a container's labels say of itself and of each of its ports: Muster's own, and behind them Registrator's. Every
 * method throws IllegalArgumentException, naming the label, its value and what is allowed, for a value that it cannot take.
 */
final class ContainerLabels {

    private static final String OCI_VERSION = "org.opencontainers.image.version";

    private final Map<String, String> labels;
    private final MusterLabels muster;
    private final RegistratorLabels registrator;

    ContainerLabels(Map<String, String> labels, Map<String, String> environment) {
        this.labels = labels;
        this.muster = new MusterLabels(labels);
        this.registrator = new RegistratorLabels(labels, environment);
    }

    /** Whether a sidecar of its own registers it. */
    boolean ofSidecar() {
        return "sidecar".equals(labels.get("muster.agent"));
    }

    /** Whether nothing of it is to be registered, whatever is said of its ports. */
    boolean ignored() {
        return muster.flag("ignore").orElse(false);
    }

    /** Whether this port counts among the container's, though Registrator's word may leave it out. */
    boolean counts(int port) {
        return !muster.flagOfPort(port, "ignore").orElse(false)
                && muster.flagOfPort(port, "enable").orElse(true);
    }

    /** Whether this port is to be registered. With opt-in a name by Registrator's label is a wish, as with its {@code -explicit}. */
    boolean wanted(int port, boolean optIn) {
        if (!counts(port)) {
            return false;
        }
        Optional<Boolean> enabled = muster.flagOfPort(port, "enable").or(() -> muster.flag("enable"));
        if (enabled.isPresent()) {
            return enabled.get();
        }
        boolean overruled = muster.flagOfPort(port, "ignore").isPresent()
                || muster.flag("ignore").isPresent();
        if (!overruled && registrator.find(port, "ignore").isPresent()) {
            return false;
        }
        return !optIn || registrator.find(port, "name").isPresent();
    }

    /** Whether somebody meant it to be registered, rather than left it to the rule that every published port is. */
    boolean meant(boolean optIn) {
        return muster.flag("enable")
                .orElseGet(() -> registrator.find(0, "ignore").isEmpty()
                        && (registrator.named()
                                || (!optIn && muster.find("service").isPresent())));
    }

    /** The service of this port, if labels choose one. */
    Optional<Said> service(int port) {
        return muster.find(port, "service").or(() -> registrator.find(port, "name"));
    }

    /** The instance, if labels choose one. */
    Optional<Said> instance(int port) {
        return muster.find(port, "instance").or(() -> registrator.find(port, "id"));
    }

    Optional<Said> network(int port) {
        return muster.find(port, "network");
    }

    /** The addresses to publish instead of those that were found. */
    Optional<Said> address(int port) {
        return muster.find(port, "address");
    }

    /** A udp port is udp; a tcp port speaks HTTP unless the labels say otherwise. */
    Protocol protocol(Container.Port port) {
        if (port.protocol() == Protocol.UDP) {
            return Protocol.UDP;
        }
        Optional<Said> said = muster.find(port.number(), "protocol");
        if (said.isEmpty()) {
            return Protocol.HTTP;
        }
        Protocol protocol = Protocol.parse(said.get().where(), said.get().value());
        if (protocol == Protocol.UDP) {
            throw said.get().refused("%d is a tcp port, allowed are http, tcp".formatted(port.number()));
        }
        return protocol;
    }

    CheckSpec check(Container.Port port) {
        Optional<Said> said = muster.find(port.number(), "check");
        if (said.isPresent() && !List.of("none", "tcp").contains(said.get().value())) {
            throw said.get().refused("allowed are tcp, none");
        }
        boolean none = port.protocol() == Protocol.UDP
                || said.filter(check -> check.value().equals("none")).isPresent();
        return none ? CheckSpec.NONE : CheckSpec.TCP;
    }

    int weight(int port) {
        Optional<Said> said = muster.find(port, "weight");
        int weight = said.map(Said::number).orElse(Instance.DEFAULT_WEIGHT);
        if (weight > 256) {
            throw said.orElseThrow().refused("allowed is 0 to 256");
        }
        return weight;
    }

    List<Route> routes(int port) {
        Optional<Said> host = muster.find(port, "route.host");
        Optional<Said> path = muster.find(port, "route.path");
        Optional<Said> own = muster.find(port, "route.port");
        if (host.isEmpty() && path.isEmpty() && own.isEmpty()) {
            return List.of();
        }
        return List.of(new Route(
                host.map(said -> said.value().toLowerCase(Locale.ROOT)).orElse(""),
                path.map(Said::value).orElse(""),
                own.map(Said::number).orElse(0)));
    }

    /** What is asked for in DNS, by word. */
    SortedMap<String, String> dns(int port) {
        SortedMap<String, String> asked = new TreeMap<>();
        muster.below(port, "dns").forEach((word, said) -> {
            if (!said.value().isEmpty()) {
                asked.put(word, dns(word, said));
            }
        });
        return asked;
    }

    private static String dns(String word, Said said) {
        ServiceSetting<?> setting = DnsSettings.labels().get(word);
        if (setting == null) {
            throw new IllegalArgumentException("label '%s': allowed are muster.dns.%s"
                    .formatted(
                            said.where(), String.join("|", DnsSettings.labels().keySet())));
        }
        setting.named(said.where()).parse(said.value());
        return said.value().strip();
    }

    /** The systemd unit that runs it, or empty. */
    String unit(int port) {
        Optional<Said> said = muster.find(port, "unit");
        said.filter(unit -> !UnitName.isWritten(unit.value())).ifPresent(unit -> {
            throw unit.refused("allowed is a systemd unit's name");
        });
        return said.map(Said::value).orElse("");
    }

    Optional<Said> tags(int port) {
        return muster.find(port, "tags").or(() -> registrator.find(port, "tags"));
    }

    /** By name: anything else that is said of it. */
    SortedMap<String, Said> attributes(int port) {
        SortedMap<String, Said> attributes = new TreeMap<>(registrator.attributes(port));
        attributes.putAll(muster.below(port, "attribute"));
        return attributes;
    }

    /** Each {@code key=template}. */
    List<Said> aliases(int port) {
        return muster.each(port, "alias");
    }

    /** What the image says of its version. Nobody who runs it chose that text, so an odd one refuses nothing. */
    Optional<String> version() {
        return Optional.ofNullable(labels.get(OCI_VERSION))
                .filter(text -> !text.isEmpty())
                .map(Name::printable);
    }

    Optional<ComposeLabels> compose() {
        return ComposeLabels.of(labels);
    }
}
