package dev.muster.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.spi.ContextAwareBase;
import dev.muster.config.LogSettings;
import org.slf4j.Logger;

/**
 * Sets Logback up: Muster's own lines from the chosen level on, everybody else's from WARN on, all on stderr. Found by
 * Logback as a service; where nothing was chosen, as in tests, Logback looks further (logback-test.xml).
 */
public final class LogbackSetup extends ContextAwareBase implements Configurator {

    @Override
    public ExecutionStatus configure(LoggerContext logback) {
        Logging.Choice choice = Logging.choice();
        if (choice == null) {
            return ExecutionStatus.INVOKE_NEXT_IF_ANY;
        }
        JavaLogging.redirect();
        LogLine encoder = new LogLine(choice.format());
        encoder.setContext(logback);
        encoder.start();
        ConsoleAppender<ILoggingEvent> stderr = new ConsoleAppender<>();
        stderr.setContext(logback);
        stderr.setTarget("System.err");
        stderr.setEncoder(encoder);
        stderr.start();
        Level others = choice.level() == LogSettings.Level.ERROR ? Level.ERROR : Level.WARN;
        logback.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(stderr);
        logback.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(others);
        // It warns of every attempt; what comes of them is ours to say, once.
        logback.getLogger("io.etcd.jetcd").setLevel(Level.ERROR);
        logback.getLogger("dev.muster").setLevel(Level.toLevel(choice.level().name()));
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }
}
