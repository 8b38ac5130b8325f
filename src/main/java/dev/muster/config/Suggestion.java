package dev.muster.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** What a person may have meant by a word that nobody knows. */
public final class Suggestion {

    private Suggestion() {}

    /** The known word that is nearest, if any is near: at most a third of its letters differ, or it begins with what was typed. */
    public static Optional<String> nearest(String typed, Collection<String> known) {
        return known.stream()
                .filter(word -> distance(typed, word) <= Math.max(1, (word.length() + 1) / 3)
                        || (typed.length() >= 3 && word.startsWith(typed)))
                .min(Comparator.<String>comparingInt(word -> distance(typed, word))
                        .thenComparing(Comparator.naturalOrder()));
    }

    /** {@code "; did you mean X?"}, or nothing. */
    public static String question(String typed, Collection<String> known) {
        return nearest(typed, known).map("; did you mean %s?"::formatted).orElse("");
    }

    /** Levenshtein's distance. */
    static int distance(String one, String other) {
        int[] before = new int[other.length() + 1];
        for (int j = 0; j <= other.length(); j++) {
            before[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            int[] row = new int[other.length() + 1];
            row[0] = i;
            for (int j = 1; j <= other.length(); j++) {
                int replaced = before[j - 1] + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, 1 + Math.min(before[j], row[j - 1]));
            }
            before = row;
        }
        return before[other.length()];
    }
}
