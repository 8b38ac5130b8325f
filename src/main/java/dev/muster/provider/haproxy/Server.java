package dev.muster.provider.haproxy;

import dev.muster.model.InstanceState;
import dev.muster.plan.TargetState;

/**
 * What HAProxy is told about one target: in the file, in a runtime command, and in the answer that is compared with it.
 *
 * @param arguments how every server of its backend is treated ({@link ServerArguments})
 * @param tls whether it is spoken to with TLS
 */
record Server(String backend, ServerName name, boolean ready, int weight, String arguments, boolean tls) {

    /** @param all how every server of the backend is treated */
    static Server of(String service, dev.muster.model.Target target, TargetState state, ServerArguments all) {
        boolean ready = state.state() == InstanceState.UP;
        return new Server(
                service,
                new ServerName(state.instance().instance(), target),
                ready,
                ready ? state.weight() : 0,
                all.text(),
                all.tls());
    }

    /** {@code backend/server}, as commands want it. */
    String path() {
        return backend + "/" + name;
    }
}
