package dev.muster.registry;

/** What an election rests on, left out. */
enum WrongElection {
    NONE,
    /** The registry takes whatever is written, whatever stood there. */
    WITHOUT_COMPARE,
    /** Whoever was elected believes it until it hears otherwise. */
    WITHOUT_DEADLINE,
    /** Nobody is told that the seat is vacant. */
    WITHOUT_WATCH
}
