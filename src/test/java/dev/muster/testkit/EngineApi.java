package dev.muster.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Containers of this machine's Docker by its API, for what no command line can carry: labels with NULs, or of megabytes.
 * Removes what it started.
 */
public final class EngineApi implements AutoCloseable {

    private static final Path ENGINE = Path.of("/var/run/docker.sock");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<String> started = new ArrayList<>();

    /** A container of the server image, with port 80 published on loopback. @return its id */
    public String run(String name, Map<String, String> labels) {
        ObjectNode body = JSON.createObjectNode().put("Image", DockerCli.IMAGE);
        ObjectNode all = body.putObject("Labels").put(DockerCli.LABEL, "");
        labels.forEach(all::put);
        body.putObject("HostConfig")
                .putObject("PortBindings")
                .putArray("80/tcp")
                .addObject()
                .put("HostIp", "127.0.0.1");
        String id = created(name, body);
        started.add(id);
        DockerCli.docker("start", id);
        return id;
    }

    private static String created(String name, JsonNode container) {
        try (SocketChannel engine = SocketChannel.open(UnixDomainSocketAddress.of(ENGINE))) {
            byte[] body = JSON.writeValueAsBytes(container);
            String head =
                    "POST /containers/create?name=%s HTTP/1.0\r\nContent-Type: application/json\r\nContent-Length: %d"
                            .formatted(name, body.length);
            send(engine, (head + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            send(engine, body);
            String answer = read(engine);
            JsonNode created = JSON.readTree(answer.substring(answer.indexOf("\r\n\r\n") + 4));
            if (!created.hasNonNull("Id")) {
                throw new IllegalStateException(answer);
            }
            return created.get("Id").asText();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void send(SocketChannel to, byte[] bytes) throws IOException {
        ByteBuffer left = ByteBuffer.wrap(bytes);
        while (left.hasRemaining()) {
            to.write(left);
        }
    }

    private static String read(SocketChannel from) throws IOException {
        InputStream in = Channels.newInputStream(from);
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        for (String id : started) {
            DockerCli.docker("rm", "--force", id);
        }
    }
}
