package dev.muster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.config.Version;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program as it is unpacked and called. */
class DistributionIT {

    private static final Path LAUNCHER = Path.of(System.getProperty("muster.distribution"), "bin", "muster");

    @TempDir
    private Path folder;

    private record Ended(int code, String out, String err) {}

    @Test
    void theVersionIsTold() throws Exception {
        assertThat(muster(Map.of(), "version")).isEqualTo(new Ended(0, "muster " + Version.current() + "\n", ""));
    }

    @Test
    void aWrongFlagIsExitCodeTwoAndOneSentenceOnStderr() throws Exception {
        assertThat(muster(Map.of(), "agent", "--etcd-endpoint", "http://127.0.0.1:1"))
                .isEqualTo(new Ended(2, "", "muster: unknown flag --etcd-endpoint; did you mean --etcd-endpoints?\n"));
        assertThat(muster(Map.of("MUSTER_TTL", "1s"), "watcher"))
                .isEqualTo(new Ended(2, "", "muster: MUSTER_TTL '1s': allowed is 3s to 300s\n"));
    }

    @Test
    void theFileIsReadAndNamedInRefusals() throws Exception {
        Path file = Files.writeString(folder.resolve("muster.conf"), "# mine\nresync = often\n");

        Ended ended = muster(Map.of("MUSTER_CONFIG", file.toString()), "agent");
        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.err()).startsWith("muster: %s:2: resync 'often': allowed is".formatted(file));
    }

    @Test
    void helpEndsWithAnExampleAndGoesToStdout() throws Exception {
        Ended ended = muster(Map.of(), "ls", "--help");
        assertThat(ended.code()).isZero();
        assertThat(ended.out())
                .endsWith("Examples:\n  muster ls web --watch\n  muster ls --json\n  muster ls --rejected\n");
        assertThat(ended.err()).isEmpty();
    }

    @Test
    void anEtcdThatIsNotThereIsExitCodeOneWithinItsTimeout() throws Exception {
        Ended ended = muster(Map.of(), "ls", "--etcd-endpoints", "http://127.0.0.1:1", "--etcd-timeout", "500ms");
        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.err().lines().toList().getLast())
                .startsWith("muster: etcd at http://127.0.0.1:1 has not answered within 500ms");
        assertThat(ended.out()).isEmpty();
    }

    @Test
    void aPortInUseIsExitCodeTwo() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String place = "127.0.0.1:" + taken.getLocalPort();
            Ended ended = muster(
                    Map.of(),
                    "agent",
                    "--http",
                    place,
                    "--state-dir",
                    folder.toString(),
                    "--private-address",
                    "10.0.0.1",
                    "--etcd-endpoints",
                    "http://127.0.0.1:1");
            assertThat(ended.code()).isEqualTo(2);
            assertThat(ended.err())
                    .endsWith("muster: --http '%s': that port is in use; choose another, or none\n".formatted(place));
        }
    }

    @Test
    void itIsFoundThroughALinkAndFromAnyFolder() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("m"), LAUNCHER.toAbsolutePath());
        Path relative = Files.createSymbolicLink(folder.resolve("n"), Path.of("m"));

        assertThat(run(Map.of(), List.of(link.toString(), "version")).out()).startsWith("muster ");
        assertThat(run(Map.of(), List.of(relative.toString(), "version")).out()).startsWith("muster ");
        assertThat(run(Map.of("PATH", folder + ":/usr/bin:/bin"), List.of("sh", "-c", "cd / && m version"))
                        .out())
                .startsWith("muster ");
    }

    @Test
    void aJavaThatIsTooOldIsPassedOverUnlessItWasAskedFor() throws Exception {
        Path old = folder.resolve("old");
        Files.createDirectories(old.resolve("bin"));
        Files.writeString(old.resolve("release"), "IMPLEMENTOR=\"X\"\nJAVA_VERSION=\"17.0.9\"\n");
        Path java = Files.writeString(old.resolve("bin/java"), "#!/bin/sh\necho old java\n");
        assertThat(java.toFile().setExecutable(true)).isTrue();

        assertThat(muster(Map.of("JAVA_HOME", old.toString()), "version").out()).startsWith("muster ");
        assertThat(muster(Map.of("MUSTER_JAVA_HOME", old.toString()), "version"))
                .isEqualTo(new Ended(
                        2,
                        "",
                        "muster: MUSTER_JAVA_HOME '%s': that is Java 17, and 25 or newer is needed\n".formatted(old)));
    }

    @Test
    void thePersonsOwnOptionsForTheJvmComeLast() throws Exception {
        Ended ended = muster(Map.of("MUSTER_JAVA_OPTS", "-Xmx20m -XX:+PrintFlagsFinal"), "version");

        assertThat(ended.out()).containsPattern("MaxHeapSize += 20971520 ").contains("UseSerialGC ");
        assertThat(muster(Map.of("MUSTER_JAVA_OPTS", "-XX:+PrintFlagsFinal"), "version")
                        .out())
                .containsPattern("MaxHeapSize += 67108864 ");
    }

    /** Each jar that is opened costs memory, and agents share their host with what they register. */
    @Test
    void anAgentDoesWithoutWhatProvidersNeed() throws Exception {
        Map<String, String> settings = Map.of("MUSTER_JAVA_OPTS", "-XshowSettings:properties");

        assertThat(muster(settings, "agent", "--help").err())
                .contains("lib/jetcd-core-")
                .doesNotContain("lib/providers/");
        assertThat(muster(settings, "watcher", "--help").err())
                .contains("lib/jetcd-core-")
                .containsPattern("lib/providers/route53-")
                .containsPattern("lib/providers/pebble-");
    }

    /** The transport would make a context of all that the system trusts, a megabyte of them, for a socket without TLS. */
    @Test
    void anAgentReadsNoCertificatesForAnEngineWithoutTls() throws Exception {
        Path log = folder.resolve("classes");

        Ended ended = muster(
                Map.of("MUSTER_JAVA_OPTS", "-Xlog:class+load:file=" + log),
                "agent",
                "--fail-fast",
                "--state-dir",
                folder.toString(),
                "--private-address",
                "10.0.0.1",
                "--docker",
                "unix://" + folder.resolve("nobody.sock"),
                "--etcd-endpoints",
                "http://127.0.0.1:1");

        assertThat(ended.code()).isEqualTo(1);
        assertThat(Files.readString(log))
                .contains("dev.muster.source.docker.EngineClient ")
                .contains("sun.security.ssl.SSLContextImpl ")
                .doesNotContain("sun.security.x509.X509CertImpl ");
    }

    @Test
    void coloursAreLeftOutWhereNobodyLooks() throws Exception {
        assertThat(muster(Map.of(), "--help").out()).doesNotContain("\u001b");
        String onTerminal = onTerminal(Map.of());
        assertThat(onTerminal).contains("terminal=true");
        assertThat(muster(Map.of("MUSTER_JAVA_OPTS", "-XshowSettings:properties"), "version")
                        .err())
                .contains("muster.terminal = false");
    }

    /** What the launcher tells the program when stdout is a terminal; {@code script} makes one. */
    private String onTerminal(Map<String, String> environment) throws Exception {
        Path java = Files.createDirectories(folder.resolve("java/bin")).resolve("java");
        Files.writeString(java, "#!/bin/sh\necho \"$@\" | tr ' ' '\\n' | grep terminal\n");
        assertThat(java.toFile().setExecutable(true)).isTrue();
        Map<String, String> variables = new HashMap<>(environment);
        variables.put("MUSTER_JAVA_HOME", folder.resolve("java").toString());
        return run(variables, List.of("script", "-qec", LAUNCHER + " version", "/dev/null"))
                .out();
    }

    private Ended muster(Map<String, String> environment, String... words) throws Exception {
        List<String> command = new ArrayList<>(List.of(LAUNCHER.toString()));
        command.addAll(List.of(words));
        return run(environment, command);
    }

    private Ended run(Map<String, String> environment, List<String> command) throws IOException, InterruptedException {
        Path out = Files.createTempFile(folder, "out", "");
        Path err = Files.createTempFile(folder, "err", "");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        try {
            process.getOutputStream().close();
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("ends").isTrue();
            return new Ended(
                    process.exitValue(),
                    Files.readString(out, StandardCharsets.UTF_8),
                    Files.readString(err, StandardCharsets.UTF_8));
        } finally {
            process.destroyForcibly();
        }
    }
}
