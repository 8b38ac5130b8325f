package dev.muster.source.docker;

import com.github.dockerjava.transport.DockerHttpClient.Response;
import dev.muster.config.EngineConfig;
import dev.muster.doctor.Area;
import dev.muster.doctor.Check;
import dev.muster.doctor.Report;
import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Whether the container engine is there, may be used, is new enough, and gives what an agent asks of it. */
public final class EngineCheck implements Check {

    private static final String ENGINE = "engine";

    private final EngineConfig docker;
    private final URI address;
    private final Duration timeout;
    private final boolean needed;

    /**
     * @param timeout bound on each question
     * @param needed whether its absence is a fault, and no sign that this machine runs no containers
     */
    public EngineCheck(EngineConfig docker, Duration timeout, boolean needed) {
        this.docker = docker;
        this.address = docker.address();
        this.timeout = timeout;
        this.needed = needed;
    }

    @Override
    public Area area() {
        return Area.DOCKER;
    }

    @Override
    public String name() {
        return ENGINE;
    }

    @Override
    public void run(Report report) throws InterruptedException {
        if ("unix".equals(address.getScheme()) && !socketAccepts(report, Path.of(address.getPath()))) {
            return;
        }
        try (EngineClient engine = new EngineClient(docker, timeout)) {
            version(report, engine);
            containers(report, engine);
            events(report, engine);
        } catch (IllegalArgumentException e) {
            report.fail(
                    ENGINE,
                    "%s: %s".formatted(address, e.getMessage()),
                    "put ca.pem, cert.pem and key.pem into the folder of --docker-tls-dir");
        } catch (IOException e) {
            report.fail(
                    ENGINE,
                    "%s gives no answer: %s".formatted(address, EngineClient.words(e)),
                    "unix".equals(address.getScheme())
                            ? "see the engine's log (journalctl -u docker); restart it if it hangs: systemctl restart docker"
                            : "start it, or name where it is: --docker unix:///PATH or tcp://HOST:PORT");
        }
    }

    /** The kernel tells apart what a client library does not. */
    private boolean socketAccepts(Report report, Path socket) {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            return true;
        } catch (ConnectException e) {
            report.fail(
                    ENGINE,
                    "%s is there and nobody listens on it".formatted(socket),
                    "start the engine: systemctl start docker");
        } catch (IOException e) {
            if (Files.notExists(socket)) {
                absent(report, socket);
            } else {
                denied(report, socket, e);
            }
        }
        return false;
    }

    private void absent(Report report, Path socket) {
        String seen = "no container engine: %s is not there".formatted(socket);
        String mend = "install and start one (apt-get install docker.io), or name its socket: --docker unix:///PATH";
        if (needed) {
            report.fail(ENGINE, seen, mend);
        } else {
            report.warn(ENGINE, seen, "nothing, where no agent is to run; else " + mend);
        }
    }

    private static void denied(Report report, Path socket, IOException why) {
        String user = System.getProperty("user.name");
        String owner = "";
        String group = "docker";
        try {
            PosixFileAttributes attributes = Files.readAttributes(socket, PosixFileAttributes.class);
            group = attributes.group().getName();
            owner = ", which belongs to %s and group %s"
                    .formatted(attributes.owner().getName(), group);
        } catch (IOException e) {
            owner = "";
        }
        report.fail(
                ENGINE,
                "user '%s' may not use %s%s (%s)".formatted(user, socket, owner, why.getMessage()),
                group.equals("root")
                        ? "run muster as root, or give the socket a group of its own"
                        : "sudo usermod -aG %s %s, then log in anew; or run muster as root".formatted(group, user));
    }

    private void version(Report report, EngineClient engine) throws IOException {
        long begun = System.nanoTime();
        EngineVersion version = engine.get("/version", answer -> {
            if (answer.getStatusCode() != 200) {
                throw EngineClient.refused(answer);
            }
            return EngineVersion.read(answer.getBody());
        });
        String seen = "%s at %s, answers in %d ms".formatted(version, address, (System.nanoTime() - begun) / 1_000_000);
        if (version.tooOld()) {
            report.warn(ENGINE, seen + "; Muster is tested with 20.10 and newer", "update the engine");
        } else {
            report.ok(ENGINE, seen);
        }
    }

    private static void containers(Report report, EngineClient engine) {
        try {
            int count = engine.get("/containers/json", answer -> {
                if (answer.getStatusCode() != 200) {
                    throw EngineClient.refused(answer);
                }
                return ListedContainer.read(answer.getBody()).size();
            });
            report.ok("list", "it lists its %d running containers".formatted(count));
        } catch (IOException e) {
            report.fail(
                    "list",
                    "its containers cannot be listed: " + EngineClient.words(e),
                    "a proxy before its socket must allow GET of /_ping, /version, /events and /containers/");
        }
    }

    private void events(Report report, EngineClient engine) throws InterruptedException {
        String since = "/events?since=" + Instant.now().getEpochSecond();
        try (EngineStream stream = engine.stream(since)) {
            FutureTask<Integer> opening = new FutureTask<>(() -> {
                try (Response answer = stream.open()) {
                    return answer.getStatusCode();
                }
            });
            Thread.ofPlatform().daemon().name("check-events").start(opening);
            int status = opening.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
            if (status == 200) {
                report.ok("events", "its stream of events opens");
            } else {
                noEvents(report, "it answers %d".formatted(status));
            }
        } catch (ExecutionException e) {
            noEvents(report, EngineClient.words(EngineClient.checked(e)));
        } catch (TimeoutException e) {
            noEvents(report, "no answer within %d ms".formatted(timeout.toMillis()));
        }
    }

    private static void noEvents(Report report, String why) {
        report.fail(
                "events",
                "its stream of events does not open: " + why,
                "a proxy before its socket must allow GET /events; without it changes are only seen every --resync");
    }
}
