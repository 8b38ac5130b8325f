package dev.muster.source.docker;

import dev.muster.config.EngineConfig;
import dev.muster.testkit.DockerCli;

/** Podman 5, behind the port that systemd listens on for it: between two calls it may have ended. */
final class PodmanContainersIT extends HostEngineContract {

    @Override
    int port() {
        return host().podmanPort();
    }

    @Override
    DockerCli.Client command() {
        return host()::podman;
    }

    @Override
    EngineConfig engine() {
        return EngineConfig.plain(address());
    }
}
