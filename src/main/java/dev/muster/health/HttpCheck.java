package dev.muster.health;

import dev.muster.model.CheckSpec;
import dev.muster.model.Target;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A GET is answered with an expected status. Only the first line of the answer is read. */
public final class HttpCheck implements Check {

    private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.[01] ([1-5][0-9]{2})( .*)?");
    private static final int LONGEST_LINE = 512;

    private final CheckSpec spec;

    /** @param spec of kind {@code HTTP} */
    public HttpCheck(CheckSpec spec) {
        if (spec.kind() != CheckSpec.Kind.HTTP) {
            throw new IllegalArgumentException("check '%s': allowed is one of kind http".formatted(spec));
        }
        this.spec = spec;
    }

    @Override
    public boolean passes(Target target, Duration timeout) throws InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(target.address(), target.port()), millisUntil(deadline));
            socket.getOutputStream().write(request(target));
            Matcher line = STATUS_LINE.matcher(firstLine(socket, deadline));
            if (!line.matches()) {
                return false;
            }
            int status = Integer.parseInt(line.group(1));
            return status >= spec.leastStatus() && status <= spec.mostStatus();
        } catch (IOException e) {
            if (Thread.currentThread().isInterrupted()) {
                throw new InterruptedException("check of " + target + " given up");
            }
            return false; // refused, unreachable, timed out, cut: that is this check's answer
        }
    }

    private byte[] request(Target target) {
        return "GET %s HTTP/1.1\r\nHost: %s\r\nUser-Agent: muster\r\nConnection: close\r\n\r\n"
                .formatted(spec.path(), target)
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** Each byte may come late, and all of them together may not. */
    private static String firstLine(Socket socket, long deadline) throws IOException {
        InputStream in = socket.getInputStream();
        StringBuilder line = new StringBuilder();
        while (line.length() < LONGEST_LINE) {
            socket.setSoTimeout(millisUntil(deadline));
            int next = in.read();
            if (next == '\n' || next < 0) {
                break;
            }
            line.append((char) next);
        }
        return line.toString().stripTrailing();
    }

    private static int millisUntil(long deadline) throws IOException {
        long left = (deadline - System.nanoTime()) / 1_000_000;
        if (left <= 0) {
            throw new IOException("out of time");
        }
        return (int) left;
    }
}
