package dev.muster.provider.template;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.muster.plan.Diff;
import dev.muster.plan.Plan;
import dev.muster.provider.Provider;
import dev.muster.provider.ProviderException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a file and of its reader when all is well, and when a check, a reload, a disk or this process fails. */
class TemplateProviderIT {

    private static final String LIST = """
            {% for service in services %}
            {% for one in service.instances %}
            {{ one.instance }} {{ one.endpoint }}
            {% endfor %}
            {% endfor %}
            """;
    private static final List<String> NONE = List.of();

    @TempDir
    private Path folder;

    private final Services web = new Services().up("web", "web01", 8001);
    private final Services more = web.up("web", "web02", 8002);
    private TemplateFolderOf templates = new TemplateFolderOf(Path.of("/"));

    @BeforeEach
    void here() {
        templates = new TemplateFolderOf(folder);
    }

    private List<String> refusing(String word) {
        return List.of("sh", "-c", "! grep \"$1\" \"$0\"", "{file}", word);
    }

    @Test
    @Tag("fault-40")
    void a_file_that_fails_its_check_stays_and_the_others_go_on() throws Exception {
        Path good = templates.file("good", LIST, NONE, templates.noting("good-runs"));
        Path picky = templates.file("picky", LIST, refusing("web02"), templates.noting("picky-runs"));
        try (Provider provider = templates.open()) {
            web.applyTo(provider);
            String before = Files.readString(picky);

            for (int i = 0; i < 2; i++) {
                more.applyTo(provider);
                assertThat(provider.refusals()).containsOnlyKeys("web");
                assertThat(requireNonNull(provider.refusals().get("web")).why())
                        .contains("picky: 'sh -c' refuses the new file", picky.toString(), "web02")
                        .doesNotContain("draft");
            }
            assertThat(picky).hasContent(before);
            assertThat(good).content().contains("web02");
            assertThat(templates.runs("good-runs"))
                    .as("once, whatever the other does")
                    .isEqualTo(2);
            assertThat(templates.runs("picky-runs")).isEqualTo(1);
            assertThat(provider.actual()).as("it is not everywhere yet").isEqualTo(web.map());
            assertThat(folder.resolve(".picky.muster-draft")).doesNotExist();

            Services other = web.up("web", "web03", 8003);
            other.applyTo(provider);
            assertThat(picky).content().contains("web03");
            assertThat(provider.actual()).isEqualTo(other.map());
        }
    }

    @Test
    @Tag("fault-40")
    void a_check_that_refuses_everything_keeps_the_file_and_fails() throws Exception {
        Path file = templates.file("list", LIST, refusing("web"), templates.noting("runs"));
        Files.writeString(file, "as it was");
        try (Provider provider = templates.open()) {
            Files.writeString(folder.resolve("list.source"), "web\n" + LIST);
            assertThatThrownBy(() -> web.applyTo(provider))
                    .isInstanceOf(ProviderException.class)
                    .hasMessageContainingAll("list: 'sh -c' refuses the new file", file.toString());
            assertThat(file).hasContent("as it was");
            assertThat(provider.refusals()).isEmpty();
            assertThat(provider.actual()).as("no file has it").isEmpty();
        }
    }

    @Test
    @Tag("fault-40")
    void what_some_files_have_is_known_also_to_the_next_process_while_another_cannot_be_written() throws Exception {
        Path good = templates.file("good", LIST, NONE, NONE);
        Path never = templates.file("never", LIST, List.of("false", "{file}"), NONE);
        Path unread = templates.file("unread", LIST, NONE, List.of("false"));
        try (Provider provider = templates.open()) {
            assertThatThrownBy(() -> more.applyTo(provider))
                    .hasMessageContaining("never: 'false {file}' refuses the new file")
                    .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));
            assertThat(provider.disturbed()).isTrue();
        }
        assertThat(good).content().contains("web01", "web02");
        assertThat(unread).content().contains("web02");
        assertThat(never).doesNotExist();
        try (Provider next = templates.open()) {
            assertThat(next.actual()).as("what there is to hold").isEqualTo(more.map());
            assertThat(next.disturbed()).as("it is not in step").isTrue();
            assertThatThrownBy(() -> web.applyTo(next)).hasMessageContaining("never: ");
            assertThat(next.actual()).isEqualTo(web.map());
        }
    }

    @Test
    @Tag("fault-40")
    void a_file_that_has_been_written_is_known_though_its_reader_fails() throws Exception {
        templates.file("unread", LIST, NONE, List.of("false"));
        try (Provider provider = templates.open()) {
            assertThatThrownBy(() -> web.applyTo(provider)).hasMessageContaining("unread: ");
        }
        try (Provider next = templates.open()) {
            assertThat(next.actual()).isEqualTo(web.map());
            assertThat(next.disturbed()).isTrue();
        }
    }

    @Test
    @Tag("fault-35")
    void a_service_that_a_check_or_a_template_refuses_keeps_no_other_one_waiting() throws Exception {
        Path picky = templates.file("picky", LIST, refusing("bad"), NONE);
        Path strict = templates.file(
                "strict",
                "{% for service in services %}{{ service.name }} {{ service.instances[0].port }}\n{% endfor %}",
                NONE,
                NONE);
        Services three = web.up("app", "app01", 9001).up("db", "db01", 5001);
        try (Provider provider = templates.open()) {
            three.applyTo(provider);
            Services bad = three.up("app", "app-bad", 9002)
                    .up("new", "new-bad", 7001)
                    .up("web", "web02", 8002)
                    .without("db", 5001);
            bad.applyTo(provider);
            assertThat(picky).content().contains("web02", "app01").doesNotContain("app-bad", "new", "db01");
            assertThat(strict).content().contains("new 7001", "db 5001", "web 8001");
            assertThat(provider.refusals()).containsOnlyKeys("app", "db", "new");
            assertThat(provider.possible(bad.map()).keySet()).containsExactly("app", "db", "web");
            assertThat(provider.actual()).isEqualTo(provider.possible(bad.map()));
            assertThat(provider.disturbed()).isFalse();

            Services mended = bad.without("app", 9002)
                    .without("new", 7001)
                    .up("new", "new01", 7001)
                    .up("db", "db02", 5002);
            mended.applyTo(provider);
            assertThat(provider.refusals()).isEmpty();
            assertThat(provider.actual()).isEqualTo(mended.map());
            assertThat(picky).content().contains("app01", "new01", "db02");
        }
    }

    @Test
    void a_reload_that_failed_is_made_good_also_by_the_next_process() throws Exception {
        Path reader = folder.resolve("reader");
        List<String> reload = List.of("sh", "-c", "cp \"$0\" \"$1\"", "{file}", reader + "/copy");
        Path file = templates.file("list", LIST, NONE, reload);
        try (Provider provider = templates.open()) {
            assertThatThrownBy(() -> web.applyTo(provider)).hasMessageContaining("is new, and 'sh -c' ended with 1");
        }
        assertThat(file).content().contains("web01");
        Files.createDirectory(reader);
        try (Provider provider = templates.open()) {
            web.applyTo(provider);
            assertThat(reader.resolve("copy")).hasSameTextualContentAs(file);
        }
    }

    @Test
    void an_edited_file_is_repaired_and_an_edited_template_rendered() throws Exception {
        Path file = templates.file("list", LIST, NONE, templates.noting("runs"));
        try (Provider provider = templates.open()) {
            web.applyTo(provider);
            String right = Files.readString(file);
            assertThat(lookAgain(provider)).as("nothing differs").isFalse();

            Files.writeString(file, "by hand");
            assertThat(lookAgain(provider)).isTrue();
            assertThat(file).hasContent(right);
            Files.delete(file);
            assertThat(lookAgain(provider)).isTrue();
            assertThat(file).hasContent(right);

            Files.writeString(folder.resolve("list.source"), "anew\n" + LIST);
            assertThat(lookAgain(provider)).isTrue();
            assertThat(file).hasContent("anew\n" + right);
            assertThat(lookAgain(provider)).isFalse();
        }
    }

    /** As a watcher does while nothing changes in the registry. @return whether there was anything to do */
    private static boolean lookAgain(Provider provider) throws ProviderException {
        SortedMap<String, dev.muster.plan.ServiceTargets> actual = provider.actual();
        boolean disturbed = provider.disturbed();
        Plan plan = Diff.between(actual, actual);
        if (disturbed) {
            provider.apply(plan);
        }
        return disturbed;
    }

    @Test
    void mode_and_owner_stay_or_are_as_they_are_asked_for() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "only root gives files away");
        Path kept = templates.file("kept", LIST, NONE, NONE);
        Path secret = templates.file("secret", LIST, NONE, NONE, Optional.of("600"), false);
        Path fresh = templates.file("fresh", LIST, NONE, NONE);
        Files.writeString(kept, "");
        Files.setPosixFilePermissions(kept, PosixFilePermissions.fromString("rw-rw----"));
        Files.setAttribute(kept, "unix:uid", 65534);
        Files.setAttribute(kept, "unix:gid", 65534);
        try (Provider provider = templates.open()) {
            web.applyTo(provider);
            assertThat(rights(kept)).isEqualTo("rw-rw---- 65534 65534");
            assertThat(rights(secret)).isEqualTo("rw------- 0 0");
            assertThat(rights(fresh)).isEqualTo("rw-r--r-- 0 0");
            assertThat(rights(folder.resolve("state/one.json")))
                    .as("it may hold secrets")
                    .isEqualTo("rw------- 0 0");
        }
    }

    private static String rights(Path file) throws IOException {
        Map<String, Object> all = Files.readAttributes(file, "unix:permissions,uid,gid");
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file)) + " " + all.get("uid") + " "
                + all.get("gid");
    }

    @Test
    void a_link_stays_one() throws Exception {
        Path real = Files.createDirectory(folder.resolve("real")).resolve("list");
        Files.writeString(real, "");
        Files.createSymbolicLink(folder.resolve("list"), real);
        Path link = templates.file("list", LIST, NONE, NONE);
        try (Provider provider = templates.open()) {
            web.applyTo(provider);
        }
        assertThat(link).isSymbolicLink();
        assertThat(real).content().contains("web01");
    }

    @Test
    void of_a_file_that_is_a_persons_only_the_part_changes() throws Exception {
        Path hosts = templates.file("hosts", LIST, NONE, NONE, Optional.empty(), true);
        Files.writeString(hosts, "127.0.0.1 localhost\n");
        try (Provider provider = templates.open()) {
            web.applyTo(provider);
            Files.writeString(hosts, "# mine\n" + Files.readString(hosts) + "# mine too\n");
            assertThat(lookAgain(provider)).as("what is around it may change").isFalse();
            more.applyTo(provider);
        }
        assertThat(hosts).hasContent("""
                # mine
                127.0.0.1 localhost
                # muster begin hosts
                web01 10.0.0.1:8001
                web02 10.0.0.1:8002
                # muster end hosts
                # mine too
                """);
    }

    @Test
    void rests_after_a_change_as_long_as_it_is_told() throws Exception {
        AtomicLong nanos = new AtomicLong(5);
        templates.file("list", LIST, NONE, NONE);
        templates.every(Duration.ofSeconds(10));
        try (Provider provider = templates.open(nanos::get)) {
            assertThat(provider.rest()).isZero();
            web.applyTo(provider);
            assertThat(provider.rest()).isEqualTo(Duration.ofSeconds(10));
            nanos.addAndGet(TimeUnit.SECONDS.toNanos(7));
            assertThat(provider.rest()).isEqualTo(Duration.ofSeconds(3));
            nanos.addAndGet(TimeUnit.SECONDS.toNanos(7));
            assertThat(provider.rest()).isZero();
            web.applyTo(provider);
            assertThat(provider.rest()).as("nothing was changed").isZero();
        }
    }

    @Test
    @Tag("fault-40")
    void on_a_full_disk_the_old_file_stays_whole() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "only root mounts a small disk");
        Path disk = Files.createDirectory(folder.resolve("disk"));
        run("mount", "-t", "tmpfs", "-o", "size=128k", "tmpfs", disk.toString());
        try {
            templates = new TemplateFolderOf(disk);
            Path file = templates.file("list", LIST, NONE, templates.noting("runs"));
            try (Provider provider = templates.open()) {
                web.applyTo(provider);
                String before = Files.readString(file);
                Path filler = disk.resolve("filler");
                assertThatThrownBy(() -> fill(filler)).isInstanceOf(IOException.class);
                assertThatThrownBy(() -> more.applyTo(provider)).hasMessageContaining("No space left");
                assertThat(file).hasContent(before);
                Files.delete(filler);
                more.applyTo(provider);
                assertThat(file).content().contains("web02");
            }
        } finally {
            run("umount", disk.toString());
        }
    }

    private static void fill(Path filler) throws IOException {
        try (OutputStream out = Files.newOutputStream(filler)) {
            while (true) {
                out.write(new byte[512]);
            }
        }
    }

    private static void run(String... command) throws Exception {
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor())
                .as(String.join(" ", command))
                .isZero();
    }

    @Test
    @Tag("fault-40")
    void what_a_killed_process_left_half_written_goes_and_the_file_is_whole() throws Exception {
        Path file = folder.resolve("list");
        Process jvm = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        KilledInCheck.class.getName(),
                        folder.toString())
                .inheritIO()
                .start();
        assertThat(jvm.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(jvm.exitValue()).as("killed").isEqualTo(137);
        Path draft = folder.resolve(".list.muster-draft");
        assertThat(draft).as("it was at work").content().contains("web02");
        assertThat(file).as("the old one").content().contains("web01").doesNotContain("web02");

        templates = new TemplateFolderOf(folder);
        templates.file("list", LIST, NONE, NONE);
        try (Provider provider = templates.open()) {
            assertThat(provider.actual()).as("as it was left").isEqualTo(web.map());
            assertThat(draft).doesNotExist();
            more.applyTo(provider);
        }
        assertThat(file).content().contains("web02");
    }

    /** A process that is killed between the writing of a file and its publication. */
    static final class KilledInCheck {

        private KilledInCheck() {}

        public static void main(String[] arguments) throws Exception {
            TemplateFolderOf templates = new TemplateFolderOf(Path.of(arguments[0]));
            templates.file(
                    "list",
                    LIST,
                    List.of("sh", "-c", "if grep -q web02 \"$0\"; then kill -9 $PPID; fi", "{file}"),
                    NONE);
            Services web = new Services().up("web", "web01", 8001);
            try (Provider provider = templates.open()) {
                web.applyTo(provider);
                web.up("web", "web02", 8002).applyTo(provider);
            }
        }
    }
}
