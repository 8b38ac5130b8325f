package dev.muster.config;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What {@code muster doctor} is told: whatever agent and watcher are, so that it looks at what they would. */
public final class DoctorSettings {

    /** As the doctor's areas are called. */
    private static final Set<String> AREAS =
            Set.of("etcd", "registry", "docker", "containers", "host", "haproxy", "templates");

    public static final Setting<List<String>> ONLY = Setting.optional(
            "only",
            "AREA[,AREA...]",
            Values.listOf(Values.wordOf(AREAS)),
            "look at these alone: etcd, registry, docker, containers, host, haproxy, templates (default: at all)");

    private DoctorSettings() {}

    /** Every setting of {@code muster doctor} but the ones that all commands share. */
    public static List<Setting<?>> all() {
        Map<String, Setting<?>> byName = new LinkedHashMap<>();
        byName.put(ONLY.name(), ONLY);
        AgentSettings.all().forEach(setting -> byName.put(setting.name(), setting));
        WatcherSettings.all().forEach(setting -> byName.putIfAbsent(setting.name(), setting));
        byName.put(HttpSettings.EITHER.name(), HttpSettings.EITHER);
        return new ArrayList<>(byName.values());
    }

    /** A program that is missing is no reason to refuse: it is what is looked for. */
    public static DoctorConfig from(Settings settings, Map<String, String> environment) {
        return new DoctorConfig(
                AgentSettings.from(settings),
                settings.get(HttpSettings.AGENT),
                WatcherSettings.with(settings, HaproxySettings.of(settings, environment)),
                settings.get(HttpSettings.WATCHER),
                settings.find(AgentSettings.DOCKER).isPresent(),
                HaproxySettings.all().stream()
                        .anyMatch(setting -> settings.find(setting).isPresent()),
                Optional.of(settings.get(TemplateSettings.FOLDER))
                        .filter(folder -> settings.get(WatcherSettings.PROVIDER).contains(WatcherSettings.TEMPLATE)
                                || settings.find(TemplateSettings.FOLDER).isPresent()
                                || Files.isDirectory(folder)));
    }
}
