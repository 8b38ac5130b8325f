package dev.muster.config;

import dev.muster.model.UnitName;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What makes an agent a sidecar of one service, and what it registers without a container, as a person sets it. */
public final class SidecarSettings {

    /** Docker's own grammar of a container's name. */
    private static final Pattern CONTAINER_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,254}");

    public static final Setting<String> CONTAINER = Setting.optional(
            "container",
            "NAME",
            SidecarSettings::containerName,
            "be the sidecar of this container alone, which may not exist yet");

    public static final Setting<UnitName> UNIT = Setting.optional(
            "unit",
            "UNIT",
            SidecarSettings::unitName,
            "be the sidecar of this systemd unit's container: labelled muster.unit=UNIT, or web-01 for web@01.service");

    public static final Setting<String> SERVICE =
            Setting.optional("service", "NAME", Values::name, "sidecar: what its service is called");

    public static final Setting<List<StaticEntry>> STATIC = Setting.optional(
            "static",
            "SERVICE/INSTANCE=[ADDRESS:]PORT[,...]",
            Values.listOf(StaticEntry::parse),
            "register a process that runs in no container");

    public static final Setting<Path> STATIC_FILE = Setting.optional(
            "static-file", "FILE", Values::path, "file of such entries, one a line; followed as it changes");

    private SidecarSettings() {}

    static List<Setting<?>> all() {
        return List.of(CONTAINER, UNIT, SERVICE, STATIC, STATIC_FILE);
    }

    /** @return empty for the agent of a whole host */
    static Optional<SidecarConfig> sidecar(Settings settings) {
        Optional<String> container = settings.find(CONTAINER);
        Optional<UnitName> unit = settings.find(UNIT);
        Optional<String> service = settings.find(SERVICE);
        if (container.isEmpty() && unit.isEmpty()) {
            if (service.isPresent()) {
                throw settings.refuse(SERVICE, "it names the service of one container: give --container or --unit too");
            }
            return Optional.empty();
        }
        boolean noEngine = settings.get(AgentSettings.DOCKER).isEmpty();
        if (container.isPresent() && noEngine) {
            throw settings.refuse(CONTAINER, "without an engine there are no containers: leave out --docker none");
        }
        if (service.isPresent() && noEngine) {
            throw settings.refuse(SERVICE, "an entry of --static names its service itself: leave out --service");
        }
        if (settings.get(AgentSettings.OPT_IN) && settings.isAsNear(AgentSettings.OPT_IN, chosen(settings))) {
            throw settings.refuse(
                    AgentSettings.OPT_IN,
                    "a sidecar's container is chosen by %s"
                            .formatted(chosen(settings).flag()));
        }
        return Optional.of(new SidecarConfig(container, unit, service));
    }

    /** What stands in a file for all agents of a machine is its host agent's, not its sidecars'. */
    static StaticConfig statics(Settings settings) {
        boolean noEngine = settings.get(AgentSettings.DOCKER).isEmpty();
        boolean ofContainer =
                settings.find(CONTAINER).isPresent() || (settings.find(UNIT).isPresent() && !noEngine);
        List<Setting<?>> given = Stream.<Setting<?>>of(STATIC, STATIC_FILE)
                .filter(setting -> settings.find(setting).isPresent())
                .toList();
        if (ofContainer) {
            for (Setting<?> setting : given) {
                if (settings.isAsNear(setting, chosen(settings))) {
                    throw settings.refuse(
                            setting,
                            "a sidecar cares for one container: give it to another agent, or --unit with --docker none");
                }
            }
            return StaticConfig.NONE;
        }
        if (noEngine && given.isEmpty()) {
            throw settings.refuse(
                    AgentSettings.DOCKER, "there is nothing to register: give --static or --static-file too");
        }
        try {
            return new StaticConfig(settings.find(STATIC).orElse(List.of()), settings.find(STATIC_FILE));
        } catch (IllegalArgumentException e) {
            throw settings.refuse(STATIC, String.valueOf(e.getMessage()));
        }
    }

    private static Setting<?> chosen(Settings settings) {
        return settings.find(CONTAINER).isPresent() ? CONTAINER : UNIT;
    }

    private static String containerName(String text) {
        if (!CONTAINER_NAME.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "allowed is a container's name: letters, digits, '.', '_' or '-', with a letter or digit at its start");
        }
        return text;
    }

    private static UnitName unitName(String text) {
        try {
            return new UnitName(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("allowed is a systemd unit's name, such as web@01.service", e);
        }
    }
}
