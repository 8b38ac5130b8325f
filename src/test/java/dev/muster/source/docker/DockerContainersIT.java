package dev.muster.source.docker;

import dev.muster.testkit.EngineProxy;
import java.io.IOException;

/** This machine's Docker, on its socket. */
final class DockerContainersIT extends ProxiedEngineContract {

    @Override
    EngineProxy proxy() throws IOException {
        return new EngineProxy(folder);
    }
}
