package dev.muster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code muster warm}, in a distribution of its own. */
class WarmIT {

    private static final Path DISTRIBUTION = Path.of(System.getProperty("muster.distribution"));

    @TempDir
    private Path folder;

    private Path home;

    @TempDir
    private Path told;

    private final Map<String, String> environment = new HashMap<>();

    @BeforeEach
    void unpack() throws IOException {
        home = folder.resolve("of a person");
        try (Stream<Path> files = Files.walk(DISTRIBUTION)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path copy = home.resolve(DISTRIBUTION.relativize(file));
                Files.createDirectories(copy.getParent());
                Files.copy(file, copy, StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
        Files.deleteIfExists(cache());
    }

    @Test
    void whatAnAgentLoadsComesFromTheCacheFromThenOn() throws Exception {
        assertThat(whereMainCameFrom()).contains("muster-").doesNotContain("shared objects file");

        assertThat(muster("", "warm")).isZero();
        assertThat(Files.readString(told.resolve("out"))).contains(cache() + ": ");
        assertThat(cache()).isNotEmptyFile();
        assertThat(home.resolve("lib/muster.aot.new")).doesNotExist();

        assertThat(whereMainCameFrom()).contains("shared objects file");
    }

    /** As after an update of Java; and what an agent is told on this machine is nothing to the rehearsal. */
    @Test
    void itIsMadeAnewWhereThereIsOneAndWhateverTheEnvironmentSays() throws Exception {
        Files.writeString(cache(), "junk");
        environment.put("MUSTER_ETCD_USER", "somebody");

        assertThat(muster("", "warm")).isZero();
        assertThat(whereMainCameFrom()).contains("shared objects file");
    }

    /** What a start or a renewal needs is in no JVM's memory before the first one; a rehearsal has had many (JEP 515). */
    @Test
    void whatAContainersStartAndARenewalNeedIsCompiledAtOnceInAnAgent() throws Exception {
        assertThat(muster("-XX:+PrintFlagsFinal", "agent", "--help")).isZero();
        assertThat(Files.readString(told.resolve("out"))).doesNotContain("AOTCompileEagerly");

        assertThat(muster("", "warm")).isZero();

        assertThat(muster("-XX:+UnlockDiagnosticVMOptions -XX:+AOTPrintTrainingInfo", "version"))
                .isZero();
        assertThat(Files.readString(told.resolve("out")))
                .containsPattern("C dev/muster/source/docker/ContainerJson\\S*#[0-9]+L1")
                .containsPattern("C dev/muster/registry/etcd/FieldsLayout\\S*#[0-9]+L1")
                .containsPattern("C io/etcd/jetcd/api/TxnRequest\\S*#[0-9]+L1")
                .containsPattern("C dev/muster/registry/etcd/EtcdLease\\S*\\.send\\(\\S*#[0-9]+L1")
                .containsPattern("C io/etcd/jetcd/api/LeaseKeepAliveRequest\\S*#[0-9]+L1");
        assertThat(muster("-XX:+PrintFlagsFinal", "agent", "--help")).isZero();
        assertThat(Files.readString(told.resolve("out"))).containsPattern("AOTCompileEagerly += true");
        assertThat(muster("-XX:+PrintFlagsFinal", "ls", "--help")).isZero();
        assertThat(Files.readString(told.resolve("out"))).doesNotContain("AOTCompileEagerly");
    }

    @Test
    void aCacheThatIsOfNoUseIsPassedOver() throws Exception {
        Files.writeString(cache(), "junk");

        assertThat(muster("", "version")).isZero();
        assertThat(Files.readString(told.resolve("out"))).startsWith("muster ").hasLineCount(1);
        assertThat(whereMainCameFrom()).contains("muster-").doesNotContain("shared objects file");
    }

    @Test
    void withoutAnEtcdItIsRefused() throws Exception {
        assertThat(muster("", "warm", "--etcd-binary", "/nowhere/etcd")).isEqualTo(2);
        assertThat(Files.readString(told.resolve("out")))
                .startsWith("muster: --etcd-binary '/nowhere/etcd': there is no such program");
        assertThat(cache()).doesNotExist();
    }

    private Path cache() throws IOException {
        return home.toRealPath().resolve("lib/muster.aot");
    }

    private String whereMainCameFrom() throws Exception {
        Path log = told.resolve("classes");
        assertThat(muster("-Xlog:class+load:file=" + log, "version")).isZero();
        return Files.readAllLines(log).stream()
                .filter(line -> line.contains(" dev.muster.Main source:"))
                .findFirst()
                .orElseThrow();
    }

    private int muster(String javaOptions, String... words) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(
                Stream.concat(Stream.of(home.resolve("bin/muster").toString()), List.of(words).stream())
                        .toList());
        builder.environment().putAll(environment);
        builder.environment().put("MUSTER_JAVA_OPTS", javaOptions);
        Process process = builder.redirectErrorStream(true)
                .redirectOutput(told.resolve("out").toFile())
                .start();
        try {
            assertThat(process.waitFor(3, TimeUnit.MINUTES)).isTrue();
            return process.exitValue();
        } finally {
            process.destroyForcibly();
        }
    }
}
