package dev.muster.config;

import dev.muster.model.Name;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A file of settings: lines of {@code key = value}. Empty lines and lines that start with {@code #} say
 * nothing. A value ends with its line and is taken as it stands, without quotes; {@code key =} is an empty value.
 */
public final class ConfigFile {

    /** @param line counted from 1 */
    record Entry(String text, int line) {}

    private final String path;
    private final Map<String, Entry> entries;

    private ConfigFile(String path, Map<String, Entry> entries) {
        this.path = path;
        this.entries = entries;
    }

    /** Where no file was named. */
    public static ConfigFile none() {
        return new ConfigFile("", Map.of());
    }

    /**
     * @param known every key that some command of the program knows, since one file serves them all
     * @throws UsageException when it cannot be read, or a line is not {@code key = value}, or a key is unknown or twice there
     */
    public static ConfigFile read(Path path, Set<String> known) {
        return read("--config ", path, known);
    }

    /** @param what the file is for, before its name in an error */
    static ConfigFile read(String what, Path path, Set<String> known) {
        try {
            return parse(path.toString(), Files.readAllLines(path), known);
        } catch (NoSuchFileException e) {
            throw new UsageException("%s'%s': there is no such file".formatted(what, path), e);
        } catch (CharacterCodingException e) {
            throw new UsageException("%s'%s': the file is not UTF-8 text".formatted(what, path), e);
        } catch (IOException e) {
            throw new UsageException("%s'%s': the file cannot be read (%s)".formatted(what, path, reason(e, path)), e);
        }
    }

    static ConfigFile parse(String path, List<String> lines, Set<String> known) {
        Map<String, Entry> entries = new HashMap<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            int number = i + 1;
            int equals = line.indexOf('=');
            if (equals <= 0) {
                throw new UsageException(
                        "%s:%d: '%s': allowed is key = value".formatted(path, number, Name.printable(line)));
            }
            String key = line.substring(0, equals).strip();
            if (!known.contains(key)) {
                throw new UsageException("%s:%d: unknown key '%s'%s"
                        .formatted(path, number, Name.printable(key), Suggestion.question(key, known)));
            }
            Entry before = entries.put(key, new Entry(line.substring(equals + 1).strip(), number));
            if (before != null) {
                throw new UsageException(
                        "%s:%d: key '%s' stands in line %d already".formatted(path, number, key, before.line));
            }
        }
        return new ConfigFile(path, entries);
    }

    String path() {
        return path;
    }

    Optional<Entry> find(String key) {
        return Optional.ofNullable(entries.get(key));
    }

    private static String reason(IOException e, Path path) {
        return Files.isDirectory(path) ? "it is a directory" : e.getClass().getSimpleName();
    }
}
