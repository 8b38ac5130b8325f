package dev.muster.registry;

/** Another machine publishes under this name; nothing that this process can do will change that. */
public final class OwnerTakenException extends RegistryException {

    public OwnerTakenException(String message) {
        super(message);
    }
}
