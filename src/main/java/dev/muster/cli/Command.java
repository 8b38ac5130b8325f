package dev.muster.cli;

import dev.muster.config.Setting;
import java.util.List;

/** One word after {@code muster}. */
interface Command {

    String name();

    /** One line for the list of commands, without a full stop. */
    String summary();

    /** What it takes besides flags. */
    default Operands operands() {
        return Operands.NONE;
    }

    /** Its flags, but the ones that every command knows. */
    List<Setting<?>> settings();

    /** Whole command lines that work; the last lines of its help. */
    List<String> examples();

    /** Whether it runs until it is told to stop, and therefore logs what it does. */
    default boolean lasting() {
        return false;
    }

    /**
     * Does it.
     *
     * @return the exit code
     * @throws Exception a checked one's message tells a person in one sentence why it failed
     */
    int run(Invocation invocation) throws Exception;

    /**
     * @param synopsis for people, {@code [SERVICE [INSTANCE]]}
     * @param least how many must be given
     * @param most how many may be given
     */
    record Operands(String synopsis, int least, int most) {
        static final Operands NONE = new Operands("", 0, 0);
    }
}
