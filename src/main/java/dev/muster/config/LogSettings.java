package dev.muster.config;

import java.nio.file.Path;
import java.util.List;

/** What every command knows: the file of settings, and how it logs. */
public final class LogSettings {

    /** How a line of the log looks. */
    public enum Format {
        /** For people. */
        TEXT,
        /** One JSON object a line. */
        JSON
    }

    /** From which weight on something is logged. */
    public enum Level {
        ERROR,
        WARN,
        INFO,
        DEBUG
    }

    public static final Setting<Path> CONFIG = Setting.optional(
            "config", "FILE", Values::path, "file with lines of key = value; a key is a flag without its dashes");

    public static final Setting<Level> LEVEL = Setting.optional(
            "log-level",
            "LEVEL",
            Values.oneOf(Level.class),
            "error, warn, info or debug; info for agent, watcher and dev, else error");

    public static final Setting<Format> FORMAT =
            Setting.of("log-format", "text|json", "text", Values.oneOf(Format.class), "how the log on stderr looks");

    private LogSettings() {}

    public static List<Setting<?>> all() {
        return List.of(CONFIG, LEVEL, FORMAT);
    }
}
