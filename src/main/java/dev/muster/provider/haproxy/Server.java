package dev.muster.provider.haproxy;

import dev.muster.model.InstanceState;
import dev.muster.plan.TargetState;

/** What HAProxy is told about one target: in the file, in a runtime command, and in the answer that is compared with it. */
record Server(String backend, ServerName name, boolean ready, int weight) {

    /** Fast enough that a dead host gets its last request within three seconds, and cheap enough for every backend. */
    static final String CHECK = "check inter 1s fastinter 250ms fall 2";

    static Server of(String service, dev.muster.model.Target target, TargetState state) {
        boolean ready = state.state() == InstanceState.UP;
        return new Server(
                service, new ServerName(state.instance().instance(), target), ready, ready ? state.weight() : 0);
    }

    /** {@code backend/server}, as commands want it. */
    String path() {
        return backend + "/" + name;
    }
}
