package dev.muster.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** The one place that reads the process's environment. */
public final class Environment {

    /** Where system programs stand that a person's {@code PATH} may lack. */
    private static final String SYSTEM_PATH = "/usr/local/sbin:/usr/sbin:/sbin:/usr/local/bin:/usr/bin:/bin";

    private Environment() {}

    /** All variables. */
    public static Map<String, String> variables() {
        return System.getenv();
    }

    /** Whether the person wants no colours: <a href="https://no-color.org">NO_COLOR</a> is set to anything but nothing. */
    public static boolean noColor(Map<String, String> environment) {
        return !environment.getOrDefault("NO_COLOR", "").isEmpty();
    }

    /** The program of this name (or at this path), looked for in {@code PATH} and then in the system's own folders. */
    public static Optional<Path> program(Map<String, String> environment, String name) {
        if (name.indexOf('/') >= 0) {
            return Optional.of(Path.of(name)).filter(Environment::runs);
        }
        for (String folder : (environment.getOrDefault("PATH", "") + ":" + SYSTEM_PATH).split(":")) {
            if (!folder.isEmpty() && runs(Path.of(folder, name))) {
                return Optional.of(Path.of(folder, name));
            }
        }
        return Optional.empty();
    }

    private static boolean runs(Path file) {
        return Files.isRegularFile(file) && Files.isExecutable(file);
    }
}
