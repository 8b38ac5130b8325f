package dev.muster.registry;

/** What was to be changed in the registry may have been changed or not: it was sent, and no answer came. Only a look tells. */
public final class UnansweredException extends RegistryException {

    public UnansweredException(RegistryException failure) {
        super(failure.getMessage() + "; whether it was done is not known", failure);
    }
}
