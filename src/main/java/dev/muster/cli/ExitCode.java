package dev.muster.cli;

/** What the program says when it ends. */
public final class ExitCode {

    public static final int DONE = 0;
    public static final int FAILED = 1;
    public static final int USAGE = 2;

    /** It waited for something, longer than it was told to. */
    public static final int WAITED = 3;

    /** A guard holds what was asked for. */
    public static final int HELD = 4;

    /** What was to be changed may have been changed or not: no answer came. */
    public static final int UNKNOWN = 5;

    /** {@code plan}: there are changes. */
    public static final int CHANGES = 10;

    private ExitCode() {}
}
