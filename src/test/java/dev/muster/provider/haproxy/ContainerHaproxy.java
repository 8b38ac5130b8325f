package dev.muster.provider.haproxy;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/**
 * The HAProxy 3.0 of an image, as a program: a script that runs it in a container which shares the machine's network,
 * processes and temporary folder, so that to its driver it looks like one that is installed.
 */
final class ContainerHaproxy {

    private static final String IMAGE = "muster-test/haproxy";

    private ContainerHaproxy() {}

    static HaproxyFixture fixture() {
        try {
            assumeTrue(
                    said("docker", "image", "inspect", "-f", "{{.Id}}", IMAGE).startsWith("sha256"), "no " + IMAGE);
            Path folder = Files.createTempDirectory("muster-haproxy");
            String shared = folder + ":" + folder;
            String container = said(
                            "docker",
                            "run",
                            "--rm",
                            "-d",
                            "--init",
                            "--network=host",
                            "--pid=host",
                            "-v",
                            shared,
                            IMAGE,
                            "sleep",
                            "600")
                    .strip();
            Path script = folder.resolve("haproxy");
            Files.writeString(script, "#!/bin/sh\nexec docker exec %s haproxy \"$@\"\n".formatted(container));
            Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
            return new HaproxyFixture(folder, HaproxyFixture.freePort(), script.toString()) {
                @Override
                public void close() throws Exception {
                    said("docker", "rm", "-f", container);
                    // The client that ran it there does not notice.
                    ProcessHandle.current()
                            .children()
                            .filter(child ->
                                    child.info().commandLine().orElse("").contains(container))
                            .forEach(ProcessHandle::destroyForcibly);
                    super.close();
                }
            };
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String said(String... command) throws IOException {
        Process process =
                new ProcessBuilder(List.of(command)).redirectErrorStream(true).start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
}
