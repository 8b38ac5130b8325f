package dev.muster.source.docker;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * An answer's status and headers, and its body as a stream (RFC 9112, section 6). A body that ends before the engine's own
 * word for its end is an {@link EOFException}, never a shorter body.
 */
final class EngineAnswer {

    private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.[01] [1-5][0-9][0-9]");
    private static final Pattern LENGTH = Pattern.compile("[0-9]{1,15}");
    private static final int MOST_HEADERS = 100;

    private final int status;
    private final Map<String, String> headers;
    private final Body body;

    private EngineAnswer(int status, Map<String, String> headers, Body body) {
        this.status = status;
        this.headers = headers;
        this.body = body;
    }

    static EngineAnswer read(EngineConnection connection) throws IOException {
        String first = connection.line();
        if (!STATUS_LINE.matcher(first).lookingAt()) {
            throw new IOException("an answer that is not HTTP");
        }
        int status = Integer.parseInt(first.substring(9, 12));
        Map<String, String> headers = new HashMap<>();
        for (String line = connection.line(); !line.isEmpty(); line = connection.line()) {
            int colon = line.indexOf(':');
            if (colon < 1 || headers.size() == MOST_HEADERS) {
                throw new IOException("an answer with a broken header");
            }
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).trim());
        }
        boolean closes = first.startsWith("HTTP/1.0")
                || headers.getOrDefault("connection", "").equalsIgnoreCase("close");
        return new EngineAnswer(status, headers, body(connection, headers, closes));
    }

    private static Body body(EngineConnection connection, Map<String, String> headers, boolean closes)
            throws IOException {
        if (headers.getOrDefault("transfer-encoding", "").equalsIgnoreCase("chunked")) {
            return new Body(connection, Form.CHUNKED, 0, closes);
        }
        String length = headers.get("content-length");
        if (length == null) {
            return new Body(connection, Form.UNTIL_CLOSED, Long.MAX_VALUE, true);
        }
        if (!LENGTH.matcher(length).matches()) {
            throw new IOException("an answer with a broken Content-Length");
        }
        return new Body(connection, Form.COUNTED, Long.parseLong(length), closes);
    }

    int status() {
        return status;
    }

    /** @return the header's value, or empty */
    String header(String lowerCaseName) {
        return headers.getOrDefault(lowerCaseName, "");
    }

    InputStream body() {
        return body;
    }

    private enum Form {
        CHUNKED,
        COUNTED,
        UNTIL_CLOSED
    }

    private static final class Body extends InputStream {
        private final EngineConnection connection;
        private final Form form;
        private final boolean closes;
        private long left;
        private boolean started;
        private boolean ended;

        Body(EngineConnection connection, Form form, long left, boolean closes) {
            this.connection = connection;
            this.form = form;
            this.left = left;
            this.closes = closes;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            if (!ended && left == 0) {
                next();
            }
            if (ended) {
                return -1;
            }
            int taken = connection.read(target, offset, (int) Math.min(length, left));
            if (taken < 0) {
                if (form != Form.UNTIL_CLOSED) {
                    throw new EOFException("the connection was closed in the middle of an answer");
                }
                end();
                return -1;
            }
            left -= taken;
            return taken;
        }

        /** Nothing of this chunk, or of the whole, is left. */
        private void next() throws IOException {
            if (form == Form.CHUNKED) {
                if (started && !connection.line().isEmpty()) {
                    throw new IOException("a chunk that is longer than it said");
                }
                started = true;
                left = chunkLength(connection.line());
                if (left > 0) {
                    return;
                }
                String trailer = connection.line();
                while (!trailer.isEmpty()) {
                    trailer = connection.line();
                }
            }
            end();
        }

        private void end() {
            ended = true;
            if (closes) {
                connection.close();
            }
            connection.answered();
        }

        private static long chunkLength(String line) throws IOException {
            int semicolon = line.indexOf(';');
            String digits = (semicolon < 0 ? line : line.substring(0, semicolon)).trim();
            try {
                long length = Long.parseLong(digits, 16);
                if (length >= 0) {
                    return length;
                }
            } catch (NumberFormatException e) {
                throw new IOException("a chunk without a length", e);
            }
            throw new IOException("a chunk of a negative length");
        }
    }
}
