package dev.muster.cli;

import dev.muster.config.LogSettings;
import org.jspecify.annotations.Nullable;

/** How to log, as the command line chose it. Nothing is set up before the first logger, since many commands never log. */
final class Logging {

    /**
     * @param level from which on Muster's own lines are written
     */
    record Choice(LogSettings.Level level, LogSettings.Format format) {}

    private static volatile @Nullable Choice choice;

    private Logging() {}

    /** Must come before the first logger. */
    static void configure(LogSettings.Level level, LogSettings.Format format) {
        choice = new Choice(level, format);
    }

    /** What was chosen; null where nobody has, as in tests. */
    static @Nullable Choice choice() {
        return choice;
    }
}
