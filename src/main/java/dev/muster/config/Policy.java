package dev.muster.config;

/** What may happen to names that nobody asks for any more. */
public enum Policy {
    /** They go. */
    SYNC,
    /** They stay, and so does the last record of each kind at a name. */
    UPSERT_ONLY
}
