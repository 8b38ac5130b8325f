package dev.muster.cli;

import dev.muster.config.ConfigFile;
import dev.muster.config.LogSettings;
import dev.muster.config.Settings;
import dev.muster.config.Suggestion;
import dev.muster.config.UsageException;
import dev.muster.model.Name;
import dev.muster.reconcile.Time;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.slf4j.LoggerFactory;

/** The command line: finds the command, reads what was set, runs it, and turns how it ended into an exit code. */
public final class Cli {

    private final Map<String, String> environment;
    private final Terminal terminal;
    private final Supplier<Roles> roles;
    private final Stop stop;
    private final BiConsumer<LogSettings.Level, LogSettings.Format> logging;

    /**
     * @param roles asked only by a command that needs it
     * @param logging told how to log before anything is logged
     */
    Cli(
            Map<String, String> environment,
            Terminal terminal,
            Supplier<Roles> roles,
            Stop stop,
            BiConsumer<LogSettings.Level, LogSettings.Format> logging) {
        this.logging = logging;
        this.environment = environment;
        this.terminal = terminal;
        this.roles = roles;
        this.stop = stop;
    }

    /** Writes to the process's own streams. */
    public static int run(List<String> words, Map<String, String> environment, Supplier<Roles> roles, Stop stop) {
        return new Cli(environment, Terminal.ofProcess(environment), roles, stop, Logging::configure).run(words);
    }

    static List<Command> commands() {
        return List.of(
                new AgentCommand(),
                new WatcherCommand(),
                new DevCommand(),
                new ListCommand(),
                new GetCommand(),
                new PlanCommand(),
                new WhyCommand(),
                new SetCommand(),
                new UnsetCommand(),
                new ReleaseCommand(),
                new AdoptCommand(),
                new DoctorCommand(),
                new WarmCommand(),
                new VersionCommand());
    }

    /** @return the exit code */
    int run(List<String> words) {
        try {
            return words.isEmpty() ? withoutCommand() : run(words.getFirst(), words.subList(1, words.size()));
        } catch (UsageException e) {
            terminal.err().println("muster: " + e.getMessage());
            return ExitCode.USAGE;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            terminal.err().println("muster: interrupted");
            return ExitCode.FAILED;
        } catch (IllegalStateException e) {
            // By the roles' contract this is about the machine, such as a lock that another process holds.
            LoggerFactory.getLogger(Cli.class).debug("failed", e);
            terminal.err().println("muster: " + e.getMessage());
            return ExitCode.FAILED;
        } catch (RuntimeException e) {
            LoggerFactory.getLogger(Cli.class).error("This is a defect of Muster", e);
            return ExitCode.FAILED;
        } catch (Exception e) {
            terminal.err().println("muster: " + e.getMessage());
            return ExitCode.FAILED;
        }
    }

    private int withoutCommand() {
        terminal.err().print(Help.program(commands()));
        return ExitCode.USAGE;
    }

    private int run(String word, List<String> rest) throws Exception {
        return switch (word) {
            case "-h", "--help", "help" -> {
                terminal.out()
                        .print(
                                rest.isEmpty()
                                        ? Help.program(commands())
                                        : Syntax.of(command(rest.getFirst())).help());
                yield ExitCode.DONE;
            }
            case "-V", "--version" -> run(new VersionCommand(), List.of());
            default -> run(command(word), rest);
        };
    }

    private int run(Command command, List<String> words) throws Exception {
        Syntax syntax = Syntax.of(command);
        Syntax.Words given = syntax.parse(words);
        if (given.help()) {
            terminal.out().print(syntax.help());
            return ExitCode.DONE;
        }
        Settings settings = settings(given.flags());
        logging.accept(
                settings.find(LogSettings.LEVEL)
                        .orElse(command.lasting() ? LogSettings.Level.INFO : LogSettings.Level.ERROR),
                settings.get(LogSettings.FORMAT));
        requireOperands(command, given.operands());
        return command.run(
                new Invocation(settings, given.operands(), environment, terminal, roles, stop, Time.system()));
    }

    private Settings settings(Map<String, String> flags) {
        Optional<Path> file = new Settings(flags, environment, ConfigFile.none()).find(LogSettings.CONFIG);
        return new Settings(
                flags,
                environment,
                file.map(path -> ConfigFile.read(path, keys())).orElseGet(ConfigFile::none));
    }

    /** One file serves every command. */
    private static Set<String> keys() {
        Set<String> keys = new HashSet<>();
        commands().forEach(command -> command.settings().forEach(setting -> keys.add(setting.name())));
        LogSettings.all().forEach(setting -> keys.add(setting.name()));
        keys.remove(LogSettings.CONFIG.name());
        return keys;
    }

    private static Command command(String word) {
        for (Command command : commands()) {
            if (command.name().equals(word)) {
                return command;
            }
        }
        List<String> names = commands().stream().map(Command::name).toList();
        String kind = word.startsWith("-") ? "flag" : "command";
        throw new UsageException("unknown %s %s%s"
                .formatted(
                        kind,
                        Name.printable(word),
                        Suggestion.nearest(word, names)
                                .map("; did you mean %s?"::formatted)
                                .orElse("; 'muster --help' lists the commands")));
    }

    private static void requireOperands(Command command, List<String> operands) {
        Command.Operands allowed = command.operands();
        if (operands.size() > allowed.most()) {
            throw new UsageException("%s is too much: usage is muster %s%s"
                    .formatted(
                            Name.printable(operands.get(allowed.most())),
                            command.name(),
                            allowed.synopsis().isEmpty() ? " [FLAGS]" : " " + allowed.synopsis() + " [FLAGS]"));
        }
        if (operands.size() < allowed.least()) {
            throw new UsageException("something is missing: usage is muster %s %s [FLAGS]"
                    .formatted(command.name(), allowed.synopsis()));
        }
    }
}
