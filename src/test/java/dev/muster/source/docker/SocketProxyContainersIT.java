package dev.muster.source.docker;

import dev.muster.testkit.EngineProxy;
import dev.muster.testkit.SocketProxy;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;

/** This machine's Docker, behind a socket proxy that lets only reading pass, and only with an API version in the path. */
final class SocketProxyContainersIT extends ProxiedEngineContract {

    private Optional<SocketProxy> reading = Optional.empty();

    @Override
    EngineProxy proxy() throws IOException {
        SocketProxy started =
                SocketProxy.start(folder, "http-request deny unless { path /_ping } or { path_beg /v1. }");
        reading = Optional.of(started);
        return new EngineProxy(folder, started.socket());
    }

    @AfterEach
    void closeReading() throws IOException {
        reading.orElseThrow().close();
    }
}
