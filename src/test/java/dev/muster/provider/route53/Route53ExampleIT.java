package dev.muster.provider.route53;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.testkit.MotoServer;
import dev.muster.testkit.OnThisEngine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code examples/route53}, as people run it. */
@OnThisEngine
class Route53ExampleIT {

    @TempDir
    private Path folder;

    @Test
    void a_containers_name_appears_in_the_zone_and_its_address_leaves_with_it() throws Exception {
        MotoServer.require();
        Path said = folder.resolve("said");
        ProcessBuilder example = new ProcessBuilder("examples/route53/run")
                .redirectErrorStream(true)
                .redirectOutput(said.toFile());
        example.environment()
                .put(
                        "MUSTER",
                        Path.of(System.getProperty("muster.distribution", "target/muster-0.1.0"), "bin", "muster")
                                .toAbsolutePath()
                                .toString());
        example.environment().put("MUSTER_JAVA_HOME", System.getProperty("java.home"));
        Process process = example.start();
        try {
            assertThat(process.waitFor(100, TimeUnit.SECONDS)).as("it ends").isTrue();
        } finally {
            process.destroy();
        }
        assertThat(process.exitValue()).as(Files.readString(said)).isZero();
        assertThat(Files.readAllLines(said))
                .containsSubsequence(
                        "web.example.com. A 60 203.0.113.5",
                        "web.example.com. A 60 203.0.113.5, 203.0.113.6",
                        "web.example.com. A 60 203.0.113.6",
                        "== done");
    }
}
