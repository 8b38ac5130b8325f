package dev.muster.provider.template;

import dev.muster.config.TemplateConfig;
import dev.muster.config.TemplatesConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Templates of one test, in one folder. */
final class TemplateFolderOf {

    /** All that there is to know, so that any difference shows. */
    static final String EVERYTHING = "{{ services | json }}\n";

    final Path folder;
    private final List<TemplateConfig> files = new ArrayList<>();
    private Duration interval = Duration.ZERO;

    TemplateFolderOf(Path folder) {
        this.folder = folder;
    }

    /** @return the file that is rendered */
    Path file(String name, String template, List<String> check, List<String> reload) {
        return file(name, template, check, reload, Optional.empty(), false);
    }

    Path file(
            String name,
            String template,
            List<String> check,
            List<String> reload,
            Optional<String> mode,
            boolean part) {
        Path source = folder.resolve(name + ".source");
        try {
            Files.writeString(source, template);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Path target = folder.resolve(name);
        files.add(new TemplateConfig(
                name, source, target, check, reload, mode, Optional.empty(), Optional.empty(), part));
        return target;
    }

    TemplateFolderOf every(Duration newInterval) {
        interval = newInterval;
        return this;
    }

    TemplateProvider open() {
        return open(System::nanoTime);
    }

    TemplateProvider open(java.util.function.LongSupplier nanos) {
        return new TemplateProvider(new TemplatesConfig(files, folder.resolve("state/one.json"), interval), nanos);
    }

    /** A command that notes each of its runs, with its argument, in a file of its own. */
    List<String> noting(String name) {
        return List.of("sh", "-c", "echo ran >> \"$0\"", folder.resolve(name).toString());
    }

    /** How often such a command ran. */
    int runs(String name) throws IOException {
        Path notes = folder.resolve(name);
        return Files.exists(notes) ? Files.readAllLines(notes).size() : 0;
    }
}
