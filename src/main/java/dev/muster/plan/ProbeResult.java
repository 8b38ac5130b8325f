package dev.muster.plan;

/** What a probe of an instance whose registration is gone has found. */
public enum ProbeResult {
    NOT_PROBED,
    /** Nobody accepts a connection in time, or its own check says that it does not serve. */
    SILENT,
    /** Somebody accepts connections there, which need not be the instance. */
    BARE_TCP,
    /** The instance's own check passes, and it says more than that a connection is accepted. */
    CHECK_PASSES
}
