package dev.muster.provider.haproxy;

import dev.muster.provider.ProviderException;
import java.util.List;

/**
 * A HAProxy that runs, as one look found it.
 *
 * @param structure which structure its worker has loaded
 * @param servers that its worker has
 */
record Running(Workers workers, HaproxyRuntime runtime, String structure, List<ServerRow> servers) {

    static Running of(HaproxyMaster master, Workers workers) throws ProviderException {
        HaproxyRuntime runtime = master.runtime(workers.current());
        HaproxyRuntime.Found found = runtime.look();
        return new Running(workers, runtime, found.description(), found.servers());
    }
}
