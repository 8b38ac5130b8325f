package dev.muster.provider;

/** A provider's target could not be read or changed; the message says which and why. */
public class ProviderException extends Exception {

    public ProviderException(String message) {
        super(message);
    }

    public ProviderException(String message, Throwable cause) {
        super(message, cause);
    }
}
