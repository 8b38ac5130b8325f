package dev.muster.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** The command line, called as a person would, with what it said. */
final class Called {

    final RecordedRoles roles = new RecordedRoles();
    private final Supplier<Roles> used;
    final Stop stop = new Stop();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private Map<String, String> environment = Map.of();
    private String answer = "";
    private boolean screen;
    private boolean colours;
    private int code;

    Called() {
        this.used = () -> roles;
    }

    /** With the rest of the program instead of notes of what it was told. */
    Called(Supplier<Roles> real) {
        this.used = real;
    }

    Called environment(Map<String, String> variables) {
        environment = variables;
        return this;
    }

    /** A person's, to whatever is asked. */
    Called answer(String line) {
        answer = line + "\n";
        return this;
    }

    Called onScreen(boolean inColours) {
        screen = true;
        colours = inColours;
        return this;
    }

    /** How it ended, kept with what it said. */
    Called ended(int exitCode) {
        code = exitCode;
        return this;
    }

    int code() {
        return code;
    }

    int muster(String... words) {
        Terminal terminal = new Terminal(
                print(out),
                print(err),
                screen,
                colours,
                new ByteArrayInputStream(answer.getBytes(StandardCharsets.UTF_8)));
        return new Cli(environment, terminal, used, stop, (level, format) -> roles.told.add(level)).run(List.of(words));
    }

    String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    private static PrintStream print(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }
}
