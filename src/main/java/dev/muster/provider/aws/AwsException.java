package dev.muster.provider.aws;

/** A call to AWS that did not do what it was asked for. The message never holds more than AWS's own words about it. */
public final class AwsException extends Exception {

    /** What it means for whoever called. */
    public enum Kind {
        /** It was not done; the same call may work a little later. */
        RETRY,
        /** It was not done, since too much was asked in too short a time. */
        THROTTLED,
        /** It was not done and will not be: the call itself, or who made it, is not accepted. */
        REFUSED,
        /** It was not done: what it is about is not there. */
        GONE,
        /** Whether it was done is not known: no answer came, or none that can be read. */
        LOST,
        /** It was not done: nobody is known as who it could be made, or whoever made it may not. */
        DENIED
    }

    private final Kind kind;

    public AwsException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public AwsException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
