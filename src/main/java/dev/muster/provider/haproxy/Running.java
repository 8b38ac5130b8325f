package dev.muster.provider.haproxy;

import dev.muster.provider.ProviderException;

/**
 * A HAProxy that runs.
 *
 * @param structure which structure its worker has loaded
 */
record Running(Workers workers, HaproxyRuntime runtime, String structure) {

    static Running of(HaproxyMaster master, Workers workers) throws ProviderException {
        HaproxyRuntime runtime = master.runtime(workers.current());
        return new Running(workers, runtime, runtime.description());
    }
}
