package dev.muster.cli;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import dev.muster.config.LogSettings;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/**
 * One event of the log as bytes: {@code 2026-11-21T09:00:00.123Z INFO Agent: message}, or a JSON object with the keys time,
 * level, logger, thread, message and, after a failure, error.
 */
final class LogLine extends EncoderBase<ILoggingEvent> {

    private final LogSettings.Format format;

    LogLine(LogSettings.Format format) {
        this.format = format;
    }

    @Override
    public byte[] headerBytes() {
        return new byte[0];
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
        StringBuilder line = new StringBuilder(160);
        if (format == LogSettings.Format.JSON) {
            json(line, event);
        } else {
            text(line, event);
        }
        return line.append('\n').toString().getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public byte[] footerBytes() {
        return new byte[0];
    }

    private static void text(StringBuilder line, ILoggingEvent event) {
        time(line, event.getTimeStamp());
        String logger = event.getLoggerName();
        line.append(' ')
                .append(event.getLevel())
                .append(' ')
                .append(logger, logger.lastIndexOf('.') + 1, logger.length());
        line.append(": ");
        printable(line, event.getFormattedMessage());
        if (event.getThrowableProxy() != null) {
            line.append('\n')
                    .append(ThrowableProxyUtil.asString(event.getThrowableProxy())
                            .stripTrailing());
        }
    }

    private static void json(StringBuilder line, ILoggingEvent event) {
        line.append("{\"time\":\"");
        time(line, event.getTimeStamp());
        line.append("\",\"level\":\"").append(event.getLevel()).append('"');
        member(line, "logger", event.getLoggerName());
        member(line, "thread", event.getThreadName());
        member(line, "message", event.getFormattedMessage());
        if (event.getThrowableProxy() != null) {
            member(line, "error", ThrowableProxyUtil.asString(event.getThrowableProxy()));
        }
        line.append('}');
    }

    private static void member(StringBuilder line, String name, String value) {
        line.append(",\"").append(name).append("\":\"");
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                line.append('\\').append(c);
            } else if (c == '\n') {
                line.append("\\n");
            } else if (c < ' ' || (c >= 0x7f && c < 0xa0) || Character.isSurrogate(c)) {
                line.append("\\u%04x".formatted((int) c));
            } else {
                line.append(c);
            }
        }
        line.append('"');
    }

    /** Nothing that others wrote may end the line or steer the terminal. */
    private static void printable(StringBuilder line, String message) {
        for (int i = 0; i < message.length(); i++) {
            char c = message.charAt(i);
            if (Character.isISOControl(c)) {
                line.append("\\u%04x".formatted((int) c));
            } else {
                line.append(c);
            }
        }
    }

    // By hand, since the first use of a DateTimeFormatter costs more than everything else before the first line.
    private static void time(StringBuilder line, long millis) {
        LocalDateTime time = LocalDateTime.ofEpochSecond(
                Math.floorDiv(millis, 1000L), Math.floorMod(millis, 1000) * 1_000_000, ZoneOffset.UTC);
        line.append(time.getYear());
        digits(line.append('-'), time.getMonthValue(), 10);
        digits(line.append('-'), time.getDayOfMonth(), 10);
        digits(line.append('T'), time.getHour(), 10);
        digits(line.append(':'), time.getMinute(), 10);
        digits(line.append(':'), time.getSecond(), 10);
        digits(line.append('.'), time.getNano() / 1_000_000, 100);
        line.append('Z');
    }

    private static void digits(StringBuilder line, int number, int highest) {
        for (int unit = highest; unit > 0; unit /= 10) {
            line.append((char) ('0' + number / unit % 10));
        }
    }
}
