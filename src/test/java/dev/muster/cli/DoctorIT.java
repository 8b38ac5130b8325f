package dev.muster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.muster.testkit.DockerCli;
import dev.muster.testkit.EtcdProcess;
import dev.muster.testkit.MusterProcess;
import dev.muster.testkit.OnThisEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code muster doctor} as a person calls it, on this machine, with what is well and with what is not. */
@OnThisEngine
class DoctorIT {

    private static final Path DISTRIBUTION = Path.of(System.getProperty("muster.distribution"));

    @TempDir
    private Path folder;

    private EtcdProcess etcd;

    @BeforeEach
    void start() {
        etcd = EtcdProcess.start();
    }

    @AfterEach
    void end() {
        etcd.close();
    }

    private record Ended(int code, String out, String err) {
        Stream<String> lines() {
            return out.lines();
        }
    }

    @Test
    void aMachineThatIsWellEndsWithNoughtAndNothingIsWritten() throws Exception {
        try (DockerCli docker = new DockerCli()) {
            String name = DockerCli.name("doctor");
            docker.run("--name", name, "-p", "80", "--label", "muster.service=" + name);
            long revision = etcd.revision();

            Ended ended = doctor("--only", "etcd,registry,docker,host", "--private-address", "10.0.0.1");
            assertThat(ended.err()).isEmpty();
            assertThat(ended.code()).as(ended.out()).isZero();
            assertThat(ended.lines())
                    .contains("etcd", "registry", "docker", "host")
                    .anyMatch(line -> line.startsWith("  OK    " + etcd.endpoint() + " answers in "))
                    .noneMatch(line -> line.startsWith("  FAIL"));

            assertThat(doctor("--only", "containers").lines())
                    .anyMatch(line -> line.startsWith("  OK    %s as %s/".formatted(name, name)));
            assertThat(etcd.revision()).isEqualTo(revision);
            assertThat(folder.resolve("run")).doesNotExist();
        }
    }

    @Test
    void wrongLabelsEndWithOneAndTheSentenceOfTheAgentsLogAndAreInItsMetric() throws Exception {
        try (DockerCli docker = new DockerCli()) {
            String name = DockerCli.name("wrong");
            docker.run("--name", name, "-p", "80", "--label", "muster.service=no way/" + (char) 27 + "[2J");

            Ended ended = doctor("--only", "containers", "--private-address", "10.0.0.1");
            assertThat(ended.code()).isEqualTo(1);
            String seen = ended.lines()
                    .filter(line -> line.contains(name))
                    .findFirst()
                    .orElseThrow();
            assertThat(seen)
                    .startsWith("  FAIL  %s is not published: ".formatted(name))
                    .contains("service 'no way/");
            assertThat(ended.out()).doesNotContain("\u001b");

            try (MusterProcess agent = MusterProcess.start(
                    "agent",
                    "--etcd-endpoints=" + etcd.endpoint(),
                    "--private-address=10.0.0.1",
                    "--state-dir=" + folder.resolve("run"))) {
                agent.awaitReady();
                String why = seen.substring(seen.indexOf(": ") + 2);
                assertThat(agent.log().lines())
                        .filteredOn(line -> line.contains("container %s is not published: %s".formatted(name, why)))
                        .hasSize(1);
                assertThat(agent.page("/metrics")).containsPattern("muster_containers_refused [1-9]");
            }
        }
    }

    @Test
    void anEtcdThatStandsStillKeepsNobodyElsesLinesBack() throws Exception {
        etcd.pause();
        try {
            Ended ended = doctor("--only", "etcd,docker", "--etcd-timeout", "2s");
            assertThat(ended.code()).isEqualTo(1);
            assertThat(ended.lines().toList())
                    .startsWith("docker")
                    .containsSubsequence("docker", "etcd")
                    .anyMatch(line -> line.contains("accepts connections and does not answer as an etcd"));
        } finally {
            etcd.unpause();
        }
        assertThat(doctor("--only", "etcd,docker").code()).isZero();
    }

    @Test
    void programsGetJsonWhateverIsWrong() throws Exception {
        etcd.stop();
        Ended ended = doctor("--json", "--only", "etcd,registry,docker", "--etcd-timeout", "1s");

        assertThat(ended.code()).isEqualTo(1);
        JsonNode json = new JsonMapper().readTree(ended.out());
        assertThat(json.get("healthy").asBoolean()).isFalse();
        assertThat(json.get("fail").asInt()).isEqualTo(3);
        assertThat(json.get("findings")).allSatisfy(finding -> {
            assertThat(finding.get("mend").asText().isEmpty())
                    .isEqualTo(finding.get("level").asText().equals("ok"));
            assertThat(finding.get("area").asText()).isIn("etcd", "registry", "docker");
        });
    }

    @Test
    void aBrokenSnippetIsToldInHaproxysWords() throws Exception {
        Path snippets = Files.createDirectories(folder.resolve("haproxy/snippets"));
        Files.writeString(folder.resolve("haproxy/muster.cfg"), """
                # This file is Muster's: it is written anew at each change. Put what is yours into the snippets folder.
                frontend f
                    bind 127.0.0.1:1
                    timeout client 1s
                    mode http
                """);
        List<String> flags = List.of(
                "--only",
                "haproxy",
                "--haproxy-run",
                "--haproxy-bind",
                "127.0.0.1:1",
                "--haproxy-config",
                folder.resolve("haproxy/muster.cfg").toString(),
                "--haproxy-master-socket",
                folder.resolve("haproxy/master.sock").toString(),
                "--haproxy-snippets",
                snippets.toString());
        Ended before = doctor(flags.toArray(String[]::new));
        assertThat(before.code()).as(before.out()).isZero();

        Files.writeString(snippets.resolve("mine.cfg"), "frontend mine\n    bnd 127.0.0.1:2\n");
        Ended ended = doctor(flags.toArray(String[]::new));
        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.lines())
                .anyMatch(line -> line.startsWith("  FAIL  HAProxy refuses ") && line.contains("mine.cfg:2"));
    }

    @Test
    void aSocketWithoutRightsIsToldWithTheCommandThatGivesThem() throws Exception {
        Path socket = Files.createFile(folder.resolve("docker.sock"));
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));

        Ended ended = withoutRights("--only", "docker", "--docker", "unix://" + socket);
        assertThat(ended.code()).as(ended.err()).isEqualTo(1);
        assertThat(ended.out())
                .contains("may not use %s, which belongs to ".formatted(socket))
                .contains("Permission denied");
    }

    /** A user who may do nothing here: root becomes nobody, with a copy of the program, which may stand where nobody may look. */
    private Ended withoutRights(String... words) throws Exception {
        if (!"root".equals(System.getProperty("user.name"))) {
            Files.setPosixFilePermissions(folder.resolve("docker.sock"), PosixFilePermissions.fromString("---------"));
            return run(command(DISTRIBUTION, words));
        }
        Path copy = folder.resolve("muster");
        Ended copied = run(List.of("cp", "-r", DISTRIBUTION.toString(), copy.toString()));
        assertThat(copied.code()).as(copied.err()).isZero();
        assertThat(run(List.of("chmod", "-R", "a+rX", copy.toString())).code()).isZero();
        List<String> command =
                new ArrayList<>(List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--"));
        command.addAll(command(copy, words));
        return run(command);
    }

    private Ended doctor(String... words) throws Exception {
        return run(command(DISTRIBUTION, words));
    }

    private List<String> command(Path program, String... words) {
        List<String> command = new ArrayList<>(List.of(
                program.resolve("bin/muster").toString(),
                "doctor",
                "--etcd-endpoints",
                etcd.endpoint().toString(),
                "--state-dir",
                folder.resolve("run").toString(),
                "--http",
                "none"));
        command.addAll(List.of(words));
        return command;
    }

    private Ended run(List<String> command) throws IOException, InterruptedException {
        Path out = Files.createTempFile(folder, "out", "");
        Path err = Files.createTempFile(folder, "err", "");
        Process process = new ProcessBuilder(command)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("ends").isTrue();
            return new Ended(process.exitValue(), Files.readString(out), Files.readString(err));
        } finally {
            process.destroyForcibly();
        }
    }
}
