package dev.muster.source.docker;

import com.github.dockerjava.transport.DockerHttpClient;
import com.github.dockerjava.transport.DockerHttpClient.Response;
import java.io.Closeable;
import java.io.IOException;

/** An answer without an end. Opened and read by one thread; closed by any, which fails the reading. */
final class EngineStream implements Closeable {

    private final EngineClient engine;
    private final DockerHttpClient http;
    private final String path;

    /** @param http nobody else's */
    EngineStream(EngineClient engine, DockerHttpClient http, String path) {
        this.engine = engine;
        this.http = http;
        this.path = path;
    }

    /** Waits for the answer's head. */
    Response open() throws IOException {
        try {
            return engine.execute(http, path);
        } catch (RuntimeException e) { // the transport wraps what its sockets throw
            throw EngineClient.checked(e);
        }
    }

    @Override
    public void close() {
        EngineClient.closeQuietly(http);
    }
}
