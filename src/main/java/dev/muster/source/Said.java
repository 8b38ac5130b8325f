package dev.muster.source;

import dev.muster.model.Name;
import java.util.regex.Pattern;

/**
 * What somebody said of a container, and where. Every reading of it refuses what it cannot take with an
 * IllegalArgumentException that names the place, the value and what is allowed.
 *
 * @param label the label, or the variable of the environment
 * @param ofPort whether it was said of one port alone
 */
record Said(String label, String value, boolean ofPort) {

    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,5}");

    IllegalArgumentException refused(String allowed) {
        return new IllegalArgumentException("%s '%s': %s".formatted(where(), Name.printable(value), allowed));
    }

    /** The label, fit for a sentence. */
    String where() {
        return Name.printable(label);
    }

    int number() {
        if (!NUMBER.matcher(value).matches()) {
            throw refused("allowed is a number");
        }
        return Integer.parseInt(value);
    }

    /** A label without a value says yes. */
    boolean truth() {
        return switch (value) {
            case "", "true" -> true;
            case "false" -> false;
            default -> throw refused("allowed are true, false");
        };
    }

    /** A name by the grammar of {@link Name}. */
    String name() {
        return Name.require(where(), value);
    }

    /** Text of at most so many characters that does nothing to a terminal, a log or a page: {@link #isPlain}. */
    String plain(int most) {
        if (value.length() > most) {
            throw refused("allowed are %d characters".formatted(most));
        }
        if (!isPlain(value)) {
            throw refused("allowed is text without control characters");
        }
        return value;
    }

    /** Whether it has letters, marks, numbers, signs and plain blanks only: no control characters, no change of direction. */
    static boolean isPlain(String text) {
        return text.codePoints().allMatch(c -> switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> c != 0xfffd; // stands for bytes that were no text
        });
    }
}
