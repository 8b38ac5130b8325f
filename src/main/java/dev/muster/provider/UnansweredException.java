package dev.muster.provider;

/** What was to be changed at a target may have been changed or not: it was sent, and no answer came. Only a look tells. */
public final class UnansweredException extends ProviderException {

    public UnansweredException(String message, Throwable cause) {
        super(message, cause);
    }
}
