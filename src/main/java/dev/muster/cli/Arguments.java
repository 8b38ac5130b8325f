package dev.muster.cli;

import dev.muster.config.Setting;
import dev.muster.config.Suggestion;
import dev.muster.config.UsageException;
import dev.muster.model.Name;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What stands after the command's name: {@code --flag value}, {@code --flag=value}, {@code --switch}, operands in between,
 * and after {@code --} nothing but operands.
 *
 * @param flags values by setting name
 * @param help whether help was asked for
 */
record Arguments(Map<String, String> flags, List<String> operands, boolean help) {

    /** @throws UsageException at a flag that the command does not know, lacks a value or is given twice */
    static Arguments parse(String command, List<String> words, List<Setting<?>> settings) {
        Map<String, String> flags = new HashMap<>();
        List<String> operands = new ArrayList<>();
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (word.equals("--")) {
                operands.addAll(words.subList(i + 1, words.size()));
                break;
            } else if (word.equals("--help") || word.equals("-h")) {
                return new Arguments(Map.of(), List.of(), true);
            } else if (!word.startsWith("-") || word.equals("-")) {
                operands.add(word);
            } else {
                int equals = word.indexOf('=');
                String flag = equals < 0 ? word : word.substring(0, equals);
                Setting<?> setting = find(command, flag, settings);
                String value;
                if (equals >= 0) {
                    value = word.substring(equals + 1);
                } else if (setting.isSwitch()) {
                    value = "true";
                } else if (i + 1 < words.size() && !words.get(i + 1).startsWith("--")) {
                    value = words.get(++i);
                } else {
                    throw new UsageException("%s needs a value: %s %s".formatted(flag, flag, setting.label()));
                }
                if (flags.put(setting.name(), value) != null) {
                    throw new UsageException("%s is given twice".formatted(flag));
                }
            }
        }
        return new Arguments(flags, operands, false);
    }

    private static Setting<?> find(String command, String flag, List<Setting<?>> settings) {
        for (Setting<?> setting : settings) {
            if (setting.flag().equals(flag)) {
                return setting;
            }
        }
        List<String> known = settings.stream().map(Setting::flag).toList();
        throw new UsageException("unknown flag %s%s"
                .formatted(
                        Name.printable(flag),
                        Suggestion.nearest(flag, known)
                                .map("; did you mean %s?"::formatted)
                                .orElse("; 'muster %s --help' lists them all".formatted(command))));
    }
}
