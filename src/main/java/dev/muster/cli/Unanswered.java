package dev.muster.cli;

/** A change of which nobody knows whether it was made. */
final class Unanswered {

    private Unanswered() {}

    /**
     * Says so, and how to find out.
     *
     * @param look what to do for that
     * @return the exit code
     */
    static int tell(Invocation invocation, Exception unanswered, String look) {
        invocation
                .terminal()
                .err()
                .println("muster: %s. To look: %s"
                        .formatted(Terminal.safe(String.valueOf(unanswered.getMessage())), look));
        return ExitCode.UNKNOWN;
    }
}
