package dev.muster.registry;

/** The registry did not answer, or not whole. What was asked of it may or may not have happened. */
public class RegistryException extends Exception {

    public RegistryException(String message) {
        super(message);
    }

    public RegistryException(String message, Throwable cause) {
        super(message, cause);
    }
}
