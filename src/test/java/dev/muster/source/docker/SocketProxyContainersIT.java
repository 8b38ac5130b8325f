package dev.muster.source.docker;

import dev.muster.config.EngineConfig;
import dev.muster.testkit.DockerCli;
import dev.muster.testkit.EngineProxy;
import dev.muster.testkit.SocketProxy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** This machine's Docker, behind a socket proxy that lets only reading pass, and only with an API version in the path. */
final class SocketProxyContainersIT extends EngineContract {

    @TempDir
    Path folder;

    private SocketProxy reading;
    private EngineProxy proxy;

    @Override
    DockerCli client() {
        return new DockerCli();
    }

    @Override
    @BeforeEach
    void open() {
        try {
            reading = SocketProxy.start(folder, "http-request deny unless { path /_ping } or { path_beg /v1. }");
            proxy = new EngineProxy(folder, reading.socket());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        super.open();
    }

    @AfterEach
    void closeProxies() throws IOException {
        proxy.close();
        reading.close();
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
