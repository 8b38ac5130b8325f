package dev.muster.provider.haproxy;

import dev.muster.provider.ProviderException;

/** The wait between two looks at something that takes milliseconds. */
final class Pause {

    private Pause() {}

    static void shortly() throws ProviderException {
        try {
            Thread.sleep(3);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ProviderException("interrupted while waiting for HAProxy", e);
        }
    }
}
