package dev.muster.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a person writes to say what is rendered. */
class TemplateFolderIT {

    @TempDir
    private Path folder;

    private void description(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
    }

    @Test
    void reads_every_conf_file_by_name() throws Exception {
        description("web.peb", "");
        description("b.conf", """
                # the web servers
                source = web.peb
                target = /etc/nginx/web.conf
                check  = nginx -t -c {file}
                reload = nginx -s reload
                mode   = 0640
                owner  = root:adm
                """);
        description("a.conf", "source=web.peb\ntarget=/etc/hosts\npart=true\n");
        description("README", "not one of them");
        List<TemplateConfig> all = new TemplateFolder(folder).read();
        assertThat(all)
                .containsExactly(
                        new TemplateConfig(
                                "a",
                                folder.resolve("web.peb"),
                                Path.of("/etc/hosts"),
                                List.of(),
                                List.of(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                true),
                        new TemplateConfig(
                                "b",
                                folder.resolve("web.peb"),
                                Path.of("/etc/nginx/web.conf"),
                                List.of("nginx", "-t", "-c", "{file}"),
                                List.of("nginx", "-s", "reload"),
                                Optional.of("640"),
                                Optional.of("root"),
                                Optional.of("adm"),
                                false));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "source = absent.peb~target = /etc/x|a.conf:1: source 'absent.peb': there is no such file that can be read",
                "source = web.peb~target = etc/x|a.conf:2: target 'etc/x': allowed is the absolute path of a file",
                "source = web.peb|a.conf: 'target = ...' is missing",
                "target = /etc/x|a.conf: 'source = ...' is missing",
                "source = web.peb~target = /x~sorce = y|a.conf:3: unknown key 'sorce'; did you mean source?",
                "source = web.peb~target = /x~check = a && b|a.conf:3: check 'a && b': commands run without a shell",
                "source = web.peb~target = /x~reload =|a.conf:3: reload '': allowed is a program with its arguments",
                "source = web.peb~target = /x~mode = 888|a.conf:3: mode '888': allowed are three octal digits",
                "source = web.peb~target = /x~owner = a b|a.conf:3: owner 'a b': allowed is USER or USER:GROUP",
                "source = web.peb~target = /x~part = yes|a.conf:3: part 'yes': allowed are true, false",
                "source = web.peb~target|a.conf:2: 'target': allowed is key = value",
            })
    void every_wrong_line_is_refused_with_its_place(String text, String why) throws Exception {
        description("web.peb", "");
        description("a.conf", text.replace('~', '\n'));
        assertThatThrownBy(() -> new TemplateFolder(folder).read())
                .isInstanceOf(UsageException.class)
                .hasMessageContaining(folder + "/" + why);
    }

    @Test
    void two_for_one_target_none_at_all_and_no_folder_are_refused() throws Exception {
        assertThatThrownBy(() -> new TemplateFolder(folder).read()).hasMessageContaining("no .conf file");
        assertThatThrownBy(() -> new TemplateFolder(folder.resolve("absent")).read())
                .hasMessageContaining("cannot be read");
        description("web.peb", "");
        description("a.conf", "source=web.peb\ntarget=/x/y\n");
        description("b.conf", "source=web.peb\ntarget=/x/../x/y\n");
        assertThatThrownBy(() -> new TemplateFolder(folder).read()).hasMessageContaining("'/x/y' is a.conf's already");
    }
}
