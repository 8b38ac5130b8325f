package dev.muster.cli;

import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.slf4j.LoggerFactory;

/** Brings what libraries say through the JDK's own logging (gRPC does) into the one log, from WARNING on. */
final class JavaLogging extends Handler {

    private JavaLogging() {}

    static void redirect() {
        LogManager.getLogManager().reset();
        Logger root = Logger.getLogger("");
        root.setLevel(Level.WARNING);
        root.addHandler(new JavaLogging());
    }

    @Override
    public void publish(LogRecord said) {
        String name = said.getLoggerName();
        org.slf4j.Logger log = LoggerFactory.getLogger(name == null ? "java" : name);
        String message = new SimpleFormatter().formatMessage(said);
        if (said.getLevel().intValue() >= Level.SEVERE.intValue()) {
            log.error(message, said.getThrown());
        } else {
            log.warn(message, said.getThrown());
        }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
}
