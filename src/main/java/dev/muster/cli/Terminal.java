package dev.muster.cli;

import dev.muster.config.Environment;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Scanner;

/**
 * Where a command writes, and where it reads answers.
 *
 * @param screen whether {@code out} is a terminal that a person looks at
 * @param colours whether colours are wanted there
 */
record Terminal(PrintStream out, PrintStream err, boolean screen, boolean colours, InputStream in) {

    private static final String ESCAPE = "\u001b[";

    /** Colours and weights, as ANSI has them. */
    enum Style {
        BOLD("1"),
        RED("31"),
        GREEN("32"),
        YELLOW("33"),
        FAINT("2");

        private final String code;

        Style(String code) {
            this.code = code;
        }
    }

    /** The process's own streams. The launcher has said whether stdout is a terminal: asking the JDK takes longer. */
    static Terminal ofProcess(Map<String, String> environment) {
        return ofProcess(Boolean.getBoolean("muster.terminal"), environment);
    }

    static Terminal ofProcess(boolean screen, Map<String, String> environment) {
        return new Terminal(System.out, System.err, screen, screen && !Environment.noColor(environment), System.in);
    }

    /** Asks; nobody's answer is a no. */
    boolean consents(String question) {
        out.print(question + " [y/N] ");
        out.flush();
        String answer = new Scanner(in, StandardCharsets.UTF_8).findInLine(".*");
        return answer != null && answer.strip().toLowerCase(Locale.ROOT).matches("y|yes");
    }

    String paint(Style style, String text) {
        return colours && !text.isEmpty() ? ESCAPE + style.code + "m" + text + ESCAPE + "0m" : text;
    }

    /** The text with everything but printable ASCII escaped, so that what others wrote cannot steer the terminal. */
    static String safe(String text) {
        StringBuilder out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= ' ' && c <= '~') {
                out.append(c);
            } else {
                out.append("\\u%04x".formatted((int) c));
            }
        }
        return out.toString();
    }

    /** The same in one line: of a text of several only the first, and how many there are. */
    static String brief(String text) {
        List<String> lines = text.lines().toList();
        return lines.size() < 2 ? safe(text) : "%s ... (%d lines)".formatted(safe(lines.getFirst()), lines.size());
    }

    /** Empties the line that the cursor is in; nothing where there is no screen. */
    void eraseLine() {
        if (screen) {
            out.print("\r" + ESCAPE + "2K");
        }
    }

    /** Empties the screen; nothing where there is none. */
    void clear() {
        if (screen) {
            out.print(ESCAPE + "H" + ESCAPE + "2J");
        }
    }
}
