package dev.muster.source;

import java.util.List;
import java.util.Set;

/** The engine has told which containers there are, but did not answer for some of them. */
public final class PartlyReadException extends SourceException {

    private final transient List<Container> read;
    private final transient Set<String> unread;

    /**
     * @param read all others that run or are paused
     * @param unread ids of those it did not answer for
     */
    public PartlyReadException(String message, Throwable cause, List<Container> read, Set<String> unread) {
        super(message, cause);
        this.read = List.copyOf(read);
        this.unread = Set.copyOf(unread);
    }

    public List<Container> read() {
        return read;
    }

    public Set<String> unread() {
        return unread;
    }
}
