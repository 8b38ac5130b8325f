package dev.muster.source.docker;

import java.io.IOException;
import java.io.InputStream;

/**
 * JSON (RFC 8259) on its way to its reader, in which no text, names of fields included, is longer than a bound: what goes
 * beyond it is left out. A label may be many megabytes long, and a reader that holds it whole, if only to skip it, fails, or
 * takes the memory of all the others. Used by one thread.
 */
final class ShortTexts extends InputStream {

    /** In bytes as they arrive; an escaped character has up to six. */
    static final int LONGEST = 32 * 1024;

    private static final int UNICODE_DIGITS = 4;

    private final InputStream in;
    private boolean inside;
    private int ofEscapeLeft;
    private int length;
    private boolean leftOut;

    ShortTexts(InputStream in) {
        this.in = in;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    /** Gives what has arrived: an event is read as it comes. */
    @Override
    public int read(byte[] buffer, int offset, int count) throws IOException {
        if (count == 0) {
            return 0;
        }
        while (true) {
            int arrived = in.read(buffer, offset, count);
            if (arrived < 0) {
                return -1;
            }
            int kept = keep(buffer, offset, arrived);
            if (kept > 0) {
                return kept;
            }
        }
    }

    private int keep(byte[] buffer, int offset, int arrived) {
        int to = offset;
        for (int from = offset; from < offset + arrived; from++) {
            if (keeps(buffer[from])) {
                buffer[to++] = buffer[from];
            }
        }
        return to - offset;
    }

    private boolean keeps(byte next) {
        if (!inside) {
            inside = next == '"';
            length = 0;
            leftOut = false;
            return true;
        }
        if (ofEscapeLeft > 0) {
            ofEscapeLeft = ofEscapeLeft == 1 && next == 'u' ? UNICODE_DIGITS : ofEscapeLeft - 1;
        } else if (next == '"') {
            inside = false;
            return true;
        } else {
            leftOut |= length >= LONGEST && !continuesCharacter(next);
            ofEscapeLeft = next == '\\' ? 1 : 0;
        }
        if (!leftOut) {
            length++;
        }
        return !leftOut;
    }

    /** UTF-8 (RFC 3629): a character is never halved. */
    private static boolean continuesCharacter(byte next) {
        return (next & 0xc0) == 0x80;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
