package dev.muster.cli;

import dev.muster.config.HostPort;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A single-node etcd that ends with this process. */
final class EtcdChild {

    private static final Duration GRACE = Duration.ofSeconds(2);

    private EtcdChild() {}

    /** Starts it, with its data and its log in that folder; it does not answer yet. */
    static ServingChild start(String binary, HostPort client, Path folder) throws IOException {
        String url = "http://" + client;
        String peer = "http://" + FreePort.any();
        List<String> command = List.of(
                binary,
                "--name=dev",
                "--data-dir=" + folder.resolve("etcd"),
                "--listen-client-urls=" + url,
                "--advertise-client-urls=" + url,
                "--listen-peer-urls=" + peer,
                "--initial-advertise-peer-urls=" + peer,
                "--initial-cluster=dev=" + peer,
                "--logger=zap",
                "--log-level=warn");
        return ServingChild.start("etcd", command, URI.create(url + "/health"), folder, GRACE);
    }
}
