package dev.muster.health;

/** What the checks of an instance have found so far. */
public enum Verdict {
    /** Neither enough passes nor enough failures yet. */
    UNDECIDED,
    HEALTHY,
    FAILING
}
