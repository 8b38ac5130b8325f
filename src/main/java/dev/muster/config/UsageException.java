package dev.muster.config;

/** The program was called wrongly. The message is one sentence that names what was given and what is allowed. */
public final class UsageException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public UsageException(String message) {
        super(message);
    }

    public UsageException(String message, Throwable cause) {
        super(message, cause);
    }
}
