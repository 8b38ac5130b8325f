package dev.muster.source.docker;

import com.github.dockerjava.transport.DockerHttpClient;
import com.github.dockerjava.transport.DockerHttpClient.Request;
import com.github.dockerjava.transport.DockerHttpClient.Response;
import java.io.Closeable;
import java.io.IOException;

/** An answer without an end. Opened and read by one thread; closed by any, which fails the reading. */
final class EngineStream implements Closeable {

    private final DockerHttpClient http;
    private final Request request;

    EngineStream(DockerHttpClient http, Request request) {
        this.http = http;
        this.request = request;
    }

    /** Waits for the answer's head. */
    Response open() throws IOException {
        try {
            return http.execute(request);
        } catch (RuntimeException e) { // the transport wraps what its sockets throw
            throw EngineClient.checked(e);
        }
    }

    @Override
    public void close() {
        EngineClient.closeQuietly(http);
    }
}
