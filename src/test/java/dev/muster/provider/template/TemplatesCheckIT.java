package dev.muster.provider.template;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.doctor.Seen;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the doctor says of files that a watcher is to render. */
class TemplatesCheckIT {

    @TempDir
    private Path folder;

    private void describe(String name, String template, String... lines) throws Exception {
        Files.writeString(folder.resolve(name + ".peb"), template);
        Files.writeString(
                folder.resolve(name + ".conf"), "source = " + name + ".peb\n" + String.join("\n", lines) + "\n");
    }

    private List<String> seen() throws Exception {
        return Seen.by(new TemplatesCheck(Optional.of(folder), "nginx"::equals));
    }

    @Test
    void one_that_can_be_rendered_is_well() throws Exception {
        describe(
                "good",
                "{% for service in services %}{{ service.name }}{% endfor %}",
                "target = " + folder.resolve("out"),
                "check = nginx -t -c {file}",
                "reload = nginx -s reload");
        assertThat(seen())
                .containsExactly(
                        "OK description: good.conf renders %s into %s"
                                .formatted(folder.resolve("good.peb"), folder.resolve("out")),
                        "OK template: %s can be read as a template".formatted(folder.resolve("good.peb")),
                        "OK target: %s can be replaced".formatted(folder.resolve("out")),
                        "OK command: good.conf: check by 'nginx -t'",
                        "OK command: good.conf: reload by 'nginx -s'");
    }

    @Test
    void what_keeps_one_from_being_rendered_is_a_fault_each() throws Exception {
        describe(
                "bad",
                "first\n{% for service in %}\n",
                "target = " + folder.resolve("nowhere/out"),
                "check = no-such-check {file}",
                "reload = no-such-reload");
        describe("folder", "x", "target = " + Files.createDirectory(folder.resolve("taken")));
        assertThat(seen())
                .filteredOn(line -> line.startsWith("FAIL"))
                .hasSize(5)
                .anyMatch(line -> line.startsWith("FAIL template: " + folder.resolve("bad.peb") + ":2: "))
                .anyMatch(line -> line.contains("the folder of %s is not there -> mkdir -p %s"
                        .formatted(folder.resolve("nowhere/out"), folder.resolve("nowhere"))))
                .anyMatch(line -> line.contains("bad.conf: there is no program 'no-such-check' for its check"))
                .anyMatch(line -> line.contains("bad.conf: there is no program 'no-such-reload' for its reload"))
                .anyMatch(line -> line.contains("taken is a folder"));
    }

    @Test
    void a_description_that_is_none_is_a_fault() throws Exception {
        Files.writeString(folder.resolve("half.conf"), "target = /tmp/x\n");
        assertThat(seen())
                .singleElement()
                .asString()
                .startsWith("FAIL description: %s: 'source = ...' is missing".formatted(folder.resolve("half.conf")));
    }

    @Test
    void where_nobody_asks_for_files_all_is_well() throws Exception {
        assertThat(Seen.by(new TemplatesCheck(Optional.empty(), any -> true)))
                .containsExactly("OK description: no file is rendered here (--provider template)");
    }
}
