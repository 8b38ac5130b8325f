package dev.muster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.config.LogSettings;
import dev.muster.config.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What people read about flags, commands and files is what there is. */
class ReferenceIT {

    private static final Pattern FLAG_ROW = Pattern.compile("^\\| (`--.*?`) \\| ", Pattern.MULTILINE);
    private static final Pattern FLAG = Pattern.compile("`(--[a-z0-9-]+)");
    private static final Pattern LINK = Pattern.compile("]\\(([^)#:]+)(?:#[^)]*)?\\)");

    @Test
    void the_reference_has_a_row_for_every_flag_and_for_no_other() throws IOException {
        Set<String> documented = FLAG_ROW.matcher(reference())
                .results()
                .flatMap(row -> FLAG.matcher(row.group(1)).results())
                .map(flag -> flag.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(documented)
                .containsExactlyInAnyOrderElementsOf(
                        settings().map(Setting::flag).collect(Collectors.toSet()));
    }

    @Test
    void every_default_of_the_reference_is_the_flags_own() throws IOException {
        List<String> rows = reference().lines().toList();
        List<String> wrong = new ArrayList<>();
        settings()
                .filter(setting -> !setting.isSwitch())
                .forEach(setting -> setting.defaultText().ifPresent(text -> {
                    boolean said = rows.stream()
                            .filter(row -> row.startsWith("| `" + setting.flag() + " "))
                            .anyMatch(row -> row.contains("| `" + text + "` |"));
                    if (!said) {
                        wrong.add(setting.flag() + " " + text);
                    }
                }));
        assertThat(wrong).isEmpty();
    }

    @Test
    void every_command_has_a_row() throws IOException {
        String reference = reference();
        assertThat(Cli.commands())
                .hasSizeGreaterThan(1)
                .allSatisfy(command -> assertThat(reference).contains("| `muster " + command.name()));
    }

    @Test
    void every_link_between_pages_leads_somewhere() throws IOException {
        List<String> dead = new ArrayList<>();
        int links = 0;
        for (Path page : pages()) {
            for (MatchResult link :
                    LINK.matcher(Files.readString(page)).results().toList()) {
                links++;
                if (!Files.exists(page.resolveSibling(link.group(1)))) {
                    dead.add(page + " -> " + link.group(1));
                }
            }
        }
        assertThat(links).isGreaterThan(10);
        assertThat(dead).isEmpty();
    }

    private static Stream<Setting<?>> settings() {
        return Stream.concat(
                Cli.commands().stream().flatMap(command -> command.settings().stream()), LogSettings.all().stream());
    }

    private static String reference() throws IOException {
        return Files.readString(Path.of("docs", "reference.md"));
    }

    private static List<Path> pages() throws IOException {
        List<Path> pages = new ArrayList<>(List.of(Path.of("README.md"), Path.of("RATIONALE.md")));
        try (Stream<Path> docs = Files.list(Path.of("docs"))) {
            docs.filter(page -> page.toString().endsWith(".md")).forEach(pages::add);
        }
        return pages;
    }
}
