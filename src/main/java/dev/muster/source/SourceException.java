package dev.muster.source;

/** The engine could not be read: absent, hanging, failing, or answering half. */
public sealed class SourceException extends Exception permits PartlyReadException {

    public SourceException(String message) {
        super(message);
    }

    public SourceException(String message, Throwable cause) {
        super(message, cause);
    }
}
