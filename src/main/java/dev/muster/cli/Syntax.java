package dev.muster.cli;

import dev.muster.config.LogSettings;
import dev.muster.config.Setting;
import dev.muster.config.Suggestion;
import dev.muster.config.UsageException;
import dev.muster.model.Name;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/**
 * A command's words and help, by picocli. Its model is built from the command's settings, for the one command that was
 * called: annotations and reflection over all of them would cost every start.
 */
final class Syntax {

    private static final int SCREEN_WIDTH = 100;

    private final Command command;
    private final CommandLine line;

    private Syntax(Command command, CommandLine line) {
        this.command = command;
        this.line = line;
    }

    /**
     * What stands after the command's name.
     *
     * @param flags values by setting name, as they were written
     * @param help whether help was asked for
     */
    record Words(Map<String, String> flags, List<String> operands, boolean help) {}

    static Syntax of(Command command) {
        CommandSpec spec = CommandSpec.create().name("muster " + command.name());
        command.settings().forEach(setting -> spec.addOption(option(setting)));
        ArgGroupSpec.Builder everywhere =
                ArgGroupSpec.builder().heading("%nFlags of every command:%n").validate(false);
        LogSettings.all().forEach(setting -> everywhere.addArg(option(setting)));
        everywhere.addArg(OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .description("this text")
                .build());
        spec.addArgGroup(everywhere.build());
        spec.addPositional(PositionalParamSpec.builder()
                .paramLabel("OPERAND")
                .arity("0..*")
                .type(List.class)
                .auxiliaryTypes(String.class)
                .hidden(true)
                .build());
        String operands = command.operands().synopsis();
        spec.usageMessage()
                .width(SCREEN_WIDTH)
                .sortOptions(false)
                .headerHeading(escaped(command.summary()) + ".%n%n")
                .synopsisHeading("Usage: ")
                .customSynopsis(
                        escaped("muster " + command.name() + (operands.isEmpty() ? "" : " " + operands) + " [FLAGS]"))
                .optionListHeading("%nFlags:%n")
                .footerHeading(command.examples().size() == 1 ? "%nExample:%n" : "%nExamples:%n")
                .footer(command.examples().stream()
                        .map(example -> escaped("  " + example))
                        .toArray(String[]::new));
        // A value may begin with an @, which picocli would take for a file of more arguments.
        return new Syntax(command, new CommandLine(spec).setExpandAtFiles(false));
    }

    /** What {@code --help} says. Its last lines are always examples. */
    String help() {
        return line.getUsageMessage(Help.Ansi.OFF);
    }

    /** @throws UsageException at a flag that the command does not know, lacks a value or is given twice */
    Words parse(List<String> words) {
        try {
            ParseResult result = line.parseArgs(words.toArray(String[]::new));
            if (result.isUsageHelpRequested()) {
                return new Words(Map.of(), List.of(), true);
            }
            Map<String, String> flags = new HashMap<>();
            for (OptionSpec option : result.matchedOptions()) {
                Object value = result.matchedOptionValue(option.longestName(), "");
                flags.put(
                        option.longestName().substring(2),
                        value instanceof List<?> values
                                ? values.stream().map(String::valueOf).collect(Collectors.joining(","))
                                : String.valueOf(value));
            }
            return new Words(flags, result.matchedPositionalValue(0, List.of()), false);
        } catch (CommandLine.UnmatchedArgumentException e) {
            throw unknown(e.getUnmatched().getFirst(), e);
        } catch (CommandLine.MissingParameterException e) {
            throw new UsageException(missing(e), e);
        } catch (CommandLine.OverwrittenOptionException e) {
            throw new UsageException("%s is given twice".formatted(((OptionSpec) e.getOverwritten()).longestName()), e);
        } catch (CommandLine.ParameterException e) {
            if (e.getArgSpec() instanceof OptionSpec option && e.getValue() != null) {
                throw new UsageException(
                        "%s '%s': allowed are true, false"
                                .formatted(option.longestName(), Name.printable(e.getValue())),
                        e);
            }
            throw new UsageException(Name.printable(String.valueOf(e.getMessage())), e);
        }
    }

    private UsageException unknown(String word, Exception cause) {
        int equals = word.indexOf('=');
        String flag = equals < 0 ? word : word.substring(0, equals);
        List<String> known = new ArrayList<>();
        command.settings().forEach(setting -> known.add(setting.flag()));
        LogSettings.all().forEach(setting -> known.add(setting.flag()));
        String hint = Suggestion.nearest(flag, known)
                .map("; did you mean %s?"::formatted)
                .orElse("; 'muster %s --help' lists them all".formatted(command.name()));
        return new UsageException("unknown flag %s%s".formatted(Name.printable(flag), hint), cause);
    }

    private static String missing(CommandLine.MissingParameterException e) {
        return e.getMissing().getFirst() instanceof OptionSpec option
                ? "%s needs a value: %s %s".formatted(option.longestName(), option.longestName(), option.paramLabel())
                : Name.printable(String.valueOf(e.getMessage()));
    }

    private static OptionSpec option(Setting<?> setting) {
        OptionSpec.Builder option = OptionSpec.builder(setting.flag());
        if (setting.isSwitch()) {
            // With a value it can be switched off where the environment or the file switches it on.
            return option.arity("0..1")
                    .paramLabel("true|false")
                    .type(boolean.class)
                    .fallbackValue("true")
                    .description(escaped(setting.description()))
                    .build();
        }
        String otherwise =
                setting.defaultText().map(" (default: %s)"::formatted).orElse("");
        if (setting.isList()) {
            option.type(List.class).auxiliaryTypes(String.class);
        } else {
            option.type(String.class);
        }
        return option.arity("1")
                .paramLabel(setting.label())
                .description(escaped(setting.description() + otherwise))
                .build();
    }

    /** picocli reads percent signs and at signs in texts as its own. */
    private static String escaped(String text) {
        return text.replace("%", "%%").replace("@|", "@@|");
    }
}
