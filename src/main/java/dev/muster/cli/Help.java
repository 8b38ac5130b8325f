package dev.muster.cli;

import dev.muster.config.LogSettings;
import dev.muster.config.Setting;
import java.util.List;

/** What {@code --help} says. Its last line is always an example. */
final class Help {

    private static final int INDENT = 4;

    private Help() {}

    static String program(List<Command> commands) {
        StringBuilder text = new StringBuilder("""
                Keeps a roll of the containers that serve, in etcd, and load balancers in step with it.

                Usage: muster COMMAND [FLAGS]

                Commands:
                """);
        int width = commands.stream()
                .mapToInt(command -> command.name().length())
                .max()
                .orElse(0);
        for (Command command : commands) {
            text.append("  ")
                    .append(command.name())
                    .append(" ".repeat(width - command.name().length() + 2))
                    .append(command.summary())
                    .append('\n');
        }
        return text.append("""

                'muster COMMAND --help' tells a command's flags. Each is also an environment variable
                (--etcd-endpoints: MUSTER_ETCD_ENDPOINTS) and a key of the file that --config names
                (etcd-endpoints = ...); a flag beats the environment, which beats the file.

                Example:
                  muster dev
                """).toString();
    }

    static String command(Command command) {
        StringBuilder text = new StringBuilder();
        String operands = command.operands().synopsis();
        text.append(command.summary()).append(".\n\nUsage: muster ").append(command.name());
        text.append(operands.isEmpty() ? "" : " " + operands).append(" [FLAGS]\n\nFlags:\n");
        command.settings().forEach(setting -> flag(text, setting));
        text.append("\nFlags of every command:\n");
        LogSettings.all().forEach(setting -> flag(text, setting));
        text.append("  -h, --help\n").append(" ".repeat(INDENT + 2)).append("this text\n");
        text.append(command.examples().size() == 1 ? "\nExample:\n" : "\nExamples:\n");
        command.examples().forEach(example -> text.append("  ").append(example).append('\n'));
        return text.toString();
    }

    private static void flag(StringBuilder text, Setting<?> setting) {
        text.append("  ").append(setting.flag());
        if (!setting.isSwitch()) {
            text.append(' ').append(setting.label());
        }
        text.append('\n').append(" ".repeat(INDENT + 2)).append(setting.description());
        if (!setting.isSwitch() && setting.defaultText().isPresent()) {
            text.append(" (default: ").append(setting.defaultText().get()).append(')');
        }
        text.append('\n');
    }
}
