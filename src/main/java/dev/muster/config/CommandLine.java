package dev.muster.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A program and its arguments, as a person writes them. It runs without a shell, so nothing in it is expanded. */
final class CommandLine {

    private static final Set<String> OF_A_SHELL = Set.of("|", "||", "&", "&&", ";", ">", ">>", "<", "2>", "2>&1");

    private CommandLine() {}

    /**
     * Blanks separate words; within single or double quotes they do not.
     *
     * @throws IllegalArgumentException saying what is allowed
     */
    static List<String> parse(String text) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean begun = false;
        char quote = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quote != 0) {
                if (c == quote) {
                    quote = 0;
                } else {
                    word.append(c);
                }
            } else if (c == '\'' || c == '"') {
                quote = c;
                begun = true;
            } else if (c == ' ' || c == '\t') {
                if (begun) {
                    words.add(word.toString());
                }
                word.setLength(0);
                begun = false;
            } else {
                word.append(c);
                begun = true;
            }
        }
        if (quote != 0) {
            throw new IllegalArgumentException("the quote %c is not closed".formatted(quote));
        }
        if (begun) {
            words.add(word.toString());
        }
        return required(words);
    }

    private static List<String> required(List<String> words) {
        if (words.isEmpty() || words.getFirst().isEmpty()) {
            throw new IllegalArgumentException("allowed is a program with its arguments");
        }
        for (String word : words) {
            if (OF_A_SHELL.contains(word)) {
                throw new IllegalArgumentException(
                        "commands run without a shell, so '%s' would be an argument: put it into a script"
                                .formatted(word));
            }
        }
        return List.copyOf(words);
    }
}
