package dev.muster.source.docker;

import dev.muster.config.EngineConfig;
import dev.muster.testkit.DockerCli;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;

/** Docker 26, over TCP with TLS. */
final class DockerTlsContainersIT extends HostEngineContract {

    @TempDir
    Path folder;

    @Override
    int port() {
        return host().dockerPort();
    }

    @Override
    DockerCli.Client command() {
        return host()::docker;
    }

    @Override
    EngineConfig engine() {
        return new EngineConfig(address(), Optional.of(host().certificates(folder)));
    }
}
