package dev.muster.config;

import dev.muster.model.Name;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** A folder of descriptions: each {@code NAME.conf} in it says in {@code key = value} lines how one file is rendered. */
final class TemplateFolder {

    private static final String SOURCE = "source";
    private static final String TARGET = "target";
    private static final String CHECK = "check";
    private static final String RELOAD = "reload";
    private static final String MODE = "mode";
    private static final String OWNER = "owner";
    private static final String PART = "part";
    private static final Set<String> KEYS = Set.of(SOURCE, TARGET, CHECK, RELOAD, MODE, OWNER, PART);

    private final Path folder;

    TemplateFolder(Path folder) {
        this.folder = folder;
    }

    /**
     * In the order of their names.
     *
     * @throws UsageException naming the file, the line and what is allowed there
     */
    List<TemplateConfig> read() {
        List<TemplateConfig> all = new ArrayList<>();
        Map<Path, String> targets = new HashMap<>();
        for (Path description : descriptions()) {
            TemplateConfig one = read(description);
            String other = targets.put(one.target(), one.name());
            if (other != null) {
                throw new UsageException(
                        "%s: target '%s' is %s.conf's already".formatted(description, one.target(), other));
            }
            all.add(one);
        }
        return all;
    }

    private List<Path> descriptions() {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.conf")) {
            files.forEach(found::add);
        } catch (IOException | DirectoryIteratorException e) {
            throw new UsageException(
                    "%s '%s': the folder cannot be read (%s)"
                            .formatted(
                                    TemplateSettings.FOLDER.flag(),
                                    folder,
                                    e.getClass().getSimpleName()),
                    e);
        }
        if (found.isEmpty()) {
            throw new UsageException("%s '%s': there is no .conf file in it that says what to render"
                    .formatted(TemplateSettings.FOLDER.flag(), folder));
        }
        return found.stream().sorted().toList();
    }

    private TemplateConfig read(Path description) {
        ConfigFile file = ConfigFile.read("", description, KEYS);
        String fileName = description.getFileName().toString();
        Path source = required(file, SOURCE, this::source);
        Path target = required(file, TARGET, TemplateFolder::absolute);
        if (source.equals(target)) {
            throw new UsageException("%s: the source is the target".formatted(description));
        }
        Optional<String[]> owner = value(file, OWNER, TemplateFolder::owner);
        return new TemplateConfig(
                fileName.substring(0, fileName.length() - ".conf".length()),
                source,
                target,
                value(file, CHECK, CommandLine::parse).orElse(List.of()),
                value(file, RELOAD, CommandLine::parse).orElse(List.of()),
                value(file, MODE, TemplateFolder::mode),
                owner.map(names -> names[0]),
                owner.filter(names -> names.length > 1).map(names -> names[1]),
                value(file, PART, Values::truth).orElse(false));
    }

    private static <T> T required(ConfigFile file, String key, Function<String, T> parser) {
        return value(file, key, parser)
                .orElseThrow(() -> new UsageException("%s: '%s = ...' is missing".formatted(file.path(), key)));
    }

    private static <T> Optional<T> value(ConfigFile file, String key, Function<String, T> parser) {
        return file.find(key).map(entry -> {
            try {
                return parser.apply(entry.text());
            } catch (IllegalArgumentException e) {
                throw new UsageException(
                        "%s:%d: %s '%s': %s"
                                .formatted(
                                        file.path(), entry.line(), key, Name.printable(entry.text()), e.getMessage()),
                        e);
            }
        });
    }

    private Path source(String text) {
        Values.path(text);
        Path source = folder.resolve(text).normalize();
        if (!Files.isReadable(source) || Files.isDirectory(source)) {
            throw new IllegalArgumentException("there is no such file that can be read (%s)".formatted(source));
        }
        return source;
    }

    private static Path absolute(String text) {
        Path path = Values.path(text);
        if (!text.startsWith("/") || path.getParent() == null) {
            throw new IllegalArgumentException("allowed is the absolute path of a file");
        }
        return path;
    }

    private static String mode(String text) {
        if (!text.matches("0?[0-7]{3}")) {
            throw new IllegalArgumentException("allowed are three octal digits, such as 640");
        }
        return text.substring(text.length() - 3);
    }

    private static String[] owner(String text) {
        if (!text.matches("[A-Za-z0-9_][A-Za-z0-9_.-]*(:[A-Za-z0-9_][A-Za-z0-9_.-]*)?")) {
            throw new IllegalArgumentException("allowed is USER or USER:GROUP");
        }
        return text.split(":", 2);
    }
}
