package dev.muster.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** The command line, called as a person would, with what it said. */
final class Called {

    final RecordedRoles roles = new RecordedRoles();
    final Stop stop = new Stop();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private Map<String, String> environment = Map.of();
    private boolean screen;
    private boolean colours;

    Called environment(Map<String, String> variables) {
        environment = variables;
        return this;
    }

    Called onScreen(boolean inColours) {
        screen = true;
        colours = inColours;
        return this;
    }

    int muster(String... words) {
        Terminal terminal = new Terminal(print(out), print(err), screen, colours);
        return new Cli(environment, terminal, () -> roles, stop, (level, format) -> roles.told.add(level))
                .run(List.of(words));
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
