package dev.muster.model;

import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The grammar that every name must meet before it becomes part of a key, a file or a command: a letter or digit, then at
 * most 126 letters, digits, dots, underscores or dashes, and a letter or digit at the end.
 */
public final class Name {

    /** Names that stand beside the instances or services in the tree and therefore cannot be ids. */
    public static final Set<String> RESERVED = Stream.concat(
                    Stream.of("instances", "gone", "drain", "routes", "rscloud"), ServiceSettings.names().stream())
            .collect(Collectors.toUnmodifiableSet());

    private static final int LONGEST = 128;
    private static final String ALLOWED =
            "1 to 128 letters, digits, '.', '_' or '-', with a letter or digit at both ends";

    private Name() {}

    /**
     * Returns {@code value} when it is a name.
     *
     * @param field what the name is for, said in the error
     * @throws IllegalArgumentException naming the field, the value (control characters escaped, shortened) and what is allowed
     */
    public static String require(String field, String value) {
        if (!isGrammatical(value)) {
            throw new IllegalArgumentException("%s '%s': allowed are %s".formatted(field, printable(value), ALLOWED));
        }
        if (RESERVED.contains(value)) {
            throw new IllegalArgumentException(
                    "%s '%s' is reserved (one of %s)".formatted(field, value, String.join(", ", sorted())));
        }
        return value;
    }

    /** Whether {@link #require} would accept it. */
    public static boolean isValid(String value) {
        return isGrammatical(value) && !RESERVED.contains(value);
    }

    /** By hand: it is asked for each key of each snapshot. */
    private static boolean isGrammatical(String value) {
        int last = value.length() - 1;
        if (last < 0 || last >= LONGEST) {
            return false;
        }
        for (int i = 0; i <= last; i++) {
            char c = value.charAt(i);
            boolean alphanumeric = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
            boolean inner = i > 0 && i < last && (c == '-' || c == '.' || c == '_');
            if (!alphanumeric && !inner) {
                return false;
            }
        }
        return true;
    }

    /** A form of any text that is safe on a terminal and in a log line: at most 80 characters, ASCII only. */
    public static String printable(String value) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < value.length() && out.length() < 80; i++) {
            char c = value.charAt(i);
            if (c >= ' ' && c <= '~') {
                out.append(c);
            } else {
                out.append("\\u%04x".formatted((int) c));
            }
        }
        return out.length() < 80 ? out.toString() : out.append("...").toString();
    }

    private static Iterable<String> sorted() {
        return RESERVED.stream().sorted().toList();
    }
}
