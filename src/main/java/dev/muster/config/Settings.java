package dev.muster.config;

import dev.muster.model.Name;
import java.util.Map;
import java.util.Optional;

/**
 * What a person has set. A flag beats the environment, which beats the file; what is given and cannot be read is refused,
 * never replaced. An environment variable that is set to nothing counts as not given.
 */
public final class Settings {

    private record Given(String text, String where) {}

    private final Map<String, String> flags;
    private final Map<String, String> environment;
    private final ConfigFile file;

    /**
     * @param flags values by setting name
     * @param environment all variables by their names
     */
    public Settings(Map<String, String> flags, Map<String, String> environment, ConfigFile file) {
        this.flags = Map.copyOf(flags);
        this.environment = Map.copyOf(environment);
        this.file = file;
    }

    /** The value that was given, or the default. */
    public <T> T get(Setting<T> setting) {
        return find(setting)
                .orElseGet(() -> setting.parser()
                        .apply(setting.defaultText()
                                .orElseThrow(() -> new UsageException("%s must be given".formatted(setting.flag())))));
    }

    /** The value that was given; empty where none was. */
    public <T> Optional<T> find(Setting<T> setting) {
        return given(setting).map(given -> {
            try {
                return setting.parser().apply(given.text);
            } catch (IllegalArgumentException e) {
                throw new UsageException(sentence(given, String.valueOf(e.getMessage())), e);
            }
        });
    }

    /** A refusal of a value that can be read and does not fit the others. */
    public UsageException refuse(Setting<?> setting, String why) {
        Given given = given(setting).orElse(new Given(setting.defaultText().orElse(""), setting.flag()));
        return new UsageException(sentence(given, why));
    }

    private Optional<Given> given(Setting<?> setting) {
        String flag = flags.get(setting.name());
        if (flag != null) {
            return Optional.of(new Given(flag, setting.flag()));
        }
        String variable = environment.get(setting.variable());
        if (variable != null && !variable.isEmpty()) {
            return Optional.of(new Given(variable, setting.variable()));
        }
        return file.find(setting.name())
                .map(entry ->
                        new Given(entry.text(), "%s:%d: %s".formatted(file.path(), entry.line(), setting.name())));
    }

    private static String sentence(Given given, String why) {
        return "%s '%s': %s".formatted(given.where, Name.printable(given.text), why);
    }
}
