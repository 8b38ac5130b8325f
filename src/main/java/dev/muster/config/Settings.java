package dev.muster.config;

import dev.muster.model.Name;
import java.util.Map;
import java.util.Optional;

/**
 * What a person has set. A flag beats the environment, which beats the file; what is given and cannot be read is refused,
 * never replaced. An environment variable that is set to nothing counts as not given.
 */
public final class Settings {

    /** Where a value was given, the strongest first. */
    private enum Place {
        FLAG,
        ENVIRONMENT,
        FILE,
        NOWHERE
    }

    private record Given(Place place, String text, String where) {}

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

    /**
     * Whether a setting was given in as strong a place as another, or a stronger one. What contradicts a flag is then a
     * mistake, while a line in a file for every agent of a machine only does not concern this one.
     */
    boolean isAsNear(Setting<?> setting, Setting<?> other) {
        return place(setting).compareTo(place(other)) <= 0;
    }

    /** Whether it was given for this very call: a line in a file for every watcher of a machine need not concern this one. */
    boolean isFlag(Setting<?> setting) {
        return place(setting) == Place.FLAG;
    }

    private Place place(Setting<?> setting) {
        return given(setting).map(Given::place).orElse(Place.NOWHERE);
    }

    /** A refusal of a value that can be read and does not fit the others. */
    public UsageException refuse(Setting<?> setting, String why) {
        Given given = given(setting)
                .orElse(new Given(Place.NOWHERE, setting.defaultText().orElse(""), setting.flag()));
        return new UsageException(sentence(given, why));
    }

    private Optional<Given> given(Setting<?> setting) {
        String flag = flags.get(setting.name());
        if (flag != null) {
            return Optional.of(new Given(Place.FLAG, flag, setting.flag()));
        }
        String variable = environment.get(setting.variable());
        if (variable != null && !variable.isEmpty()) {
            return Optional.of(new Given(Place.ENVIRONMENT, variable, setting.variable()));
        }
        return file.find(setting.name())
                .map(entry -> new Given(
                        Place.FILE, entry.text(), "%s:%d: %s".formatted(file.path(), entry.line(), setting.name())));
    }

    private static String sentence(Given given, String why) {
        return "%s '%s': %s".formatted(given.where, Name.printable(given.text), why);
    }
}
