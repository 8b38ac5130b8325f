package dev.muster.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * One file that is rendered.
 *
 * @param name of its description, for people
 * @param source the template
 * @param target the file; absolute
 * @param check program and arguments that judge a new file; {@code {file}} in them stands for it; empty for none
 * @param reload program and arguments that have the file read again; empty for none
 * @param mode octal digits; empty to keep what the file has
 * @param owner a user's name; empty to keep whose the file is
 * @param group a group's name; likewise
 * @param part whether only a part of the target is rendered, between two lines that say so
 */
public record TemplateConfig(
        String name,
        Path source,
        Path target,
        List<String> check,
        List<String> reload,
        Optional<String> mode,
        Optional<String> owner,
        Optional<String> group,
        boolean part) {

    public TemplateConfig {
        check = List.copyOf(check);
        reload = List.copyOf(reload);
    }
}
