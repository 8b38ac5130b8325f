package dev.muster.provider.haproxy;

import dev.muster.provider.ProviderException;

/** The structure that was wanted could not be had, and the one before is still served. */
final class StructureException extends Exception {

    private final ProviderException trouble;

    StructureException(ProviderException trouble) {
        super(trouble.getMessage(), trouble);
        this.trouble = trouble;
    }

    ProviderException trouble() {
        return trouble;
    }
}
