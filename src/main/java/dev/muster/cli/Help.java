package dev.muster.cli;

import java.util.List;

/** What {@code muster --help} says. Its last line is an example. */
final class Help {

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
}
