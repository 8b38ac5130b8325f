package dev.muster.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.spi.ContextAwareBase;
import dev.muster.config.LogSettings;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log: Muster's own lines from the chosen level on, everybody else's from WARN on, all on stderr. Found by Logback as a
 * service; where the command line has chosen nothing, as in tests, Logback looks further (logback-test.xml).
 */
public final class Logging extends ContextAwareBase implements Configurator {

    private record Chosen(LogSettings.Level level, LogSettings.Format format) {}

    private static volatile @Nullable Chosen chosen;

    /** Must come before the first line of the log. */
    static void configure(LogSettings.Level level, LogSettings.Format format) {
        chosen = new Chosen(level, format);
        JavaLogging.redirect();
        LoggerFactory.getILoggerFactory();
    }

    @Override
    public ExecutionStatus configure(LoggerContext logback) {
        Chosen choice = chosen;
        if (choice == null) {
            return ExecutionStatus.INVOKE_NEXT_IF_ANY;
        }
        LogLine encoder = new LogLine(choice.format);
        encoder.setContext(logback);
        encoder.start();
        ConsoleAppender<ILoggingEvent> stderr = new ConsoleAppender<>();
        stderr.setContext(logback);
        stderr.setTarget("System.err");
        stderr.setEncoder(encoder);
        stderr.start();
        logback.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(stderr);
        logback.getLogger(Logger.ROOT_LOGGER_NAME)
                .setLevel(choice.level == LogSettings.Level.ERROR ? Level.ERROR : Level.WARN);
        logback.getLogger("dev.muster").setLevel(Level.toLevel(choice.level.name()));
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }
}
