package dev.muster.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** What files a watcher renders, as a person sets it. */
public final class TemplateSettings {

    public static final Setting<Path> FOLDER = Setting.of(
            "templates",
            "DIR",
            "/etc/muster/templates",
            Values::path,
            "folder of the files NAME.conf that say what is rendered, for --provider template");

    public static final Setting<Path> STATE = Setting.of(
            "templates-state",
            "DIR",
            "/var/lib/muster",
            Values::path,
            "folder where it is kept what was rendered last; should outlive the machine's restart");

    public static final Setting<Duration> INTERVAL = Setting.of(
            "templates-interval",
            "DURATION",
            "0s",
            Values.durationBetween("0s", "1h"),
            "least time from one change of these files to the next");

    private TemplateSettings() {}

    static List<Setting<?>> all() {
        return List.of(FOLDER, STATE, INTERVAL);
    }

    /**
     * What the descriptions of a folder say.
     *
     * @throws UsageException naming the file, the line and what is allowed there
     */
    public static List<TemplateConfig> files(Path folder) {
        return new TemplateFolder(folder).read();
    }

    /** @param watcher its id, since each has a state of its own */
    static TemplatesConfig from(Settings settings, String watcher) {
        return new TemplatesConfig(
                files(settings.get(FOLDER)),
                settings.get(STATE).resolve(watcher + ".templates.json"),
                settings.get(INTERVAL));
    }
}
