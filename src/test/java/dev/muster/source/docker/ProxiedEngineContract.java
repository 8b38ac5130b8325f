package dev.muster.source.docker;

import dev.muster.config.EngineConfig;
import dev.muster.testkit.DockerCli;
import dev.muster.testkit.EngineProxy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** This machine's Docker, behind a proxy that can cut it off. */
abstract class ProxiedEngineContract extends EngineContract {

    @TempDir
    Path folder;

    private EngineProxy proxy;

    /** Made anew for each test. */
    abstract EngineProxy proxy() throws IOException;

    @Override
    DockerCli client() {
        return new DockerCli();
    }

    @Override
    @BeforeEach
    void open() {
        try {
            proxy = proxy();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        super.open();
    }

    @AfterEach
    void closeProxy() throws IOException {
        proxy.close();
    }

    @Override
    EngineConfig engine() {
        return EngineConfig.plain(proxy.uri());
    }

    @Override
    void refuse(boolean on) {
        proxy.refuse(on);
    }
}
