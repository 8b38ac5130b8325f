package dev.muster.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.awaitility.Awaitility;

/**
 * A machine of its own, in a container: systemd as process 1, its own network, machine id, Docker (26) and Podman (5). Its
 * Docker listens on TCP with TLS, its Podman without. Containers in it run {@link #IMAGE}.
 */
public final class SimulatedHost implements AutoCloseable {

    /** Both engines in there have it: an httpd on port 80, and a shell's tools. */
    public static final String IMAGE = "muster-test/small";

    private static final int DOCKER_PORT = 2376;
    private static final int PLAIN_DOCKER_PORT = 2375;
    private static final int PODMAN_PORT = 2377;

    private final String name;

    private SimulatedHost(String name) {
        this.name = name;
    }

    /**
     * Starts one and waits until its engines answer.
     *
     * @param options more of {@code docker run}'s
     */
    public static SimulatedHost start(String... options) {
        String name = DockerCli.name("host");
        List<String> run = new ArrayList<>(List.of("run", "--detach", "--name", name, "--hostname", name));
        run.addAll(List.of("--label", DockerCli.LABEL, "--cap-add", "SYS_ADMIN", "--cap-add", "NET_ADMIN"));
        run.addAll(List.of("--security-opt", "seccomp=unconfined", "--security-opt", "apparmor=unconfined"));
        run.addAll(List.of("--tmpfs", "/run", "--tmpfs", "/run/lock"));
        run.addAll(List.of("--cgroupns", "host", "--volume", "/sys/fs/cgroup:/sys/fs/cgroup:rw"));
        run.addAll(List.of("--publish", "127.0.0.1::" + DOCKER_PORT, "--publish", "127.0.0.1::" + PODMAN_PORT));
        run.addAll(Arrays.asList(options));
        run.add("muster-test/host");
        DockerCli.docker(run.toArray(String[]::new));
        SimulatedHost host = new SimulatedHost(name);
        try {
            host.awaitDocker();
            for (String engine : List.of("docker", "podman")) {
                host.exec(
                        engine,
                        "import",
                        "--change=EXPOSE 80",
                        "--change=CMD [\"busybox\",\"sh\",\"-c\",\"trap exit TERM; httpd -f -p 80 & wait\"]",
                        "/small.tar",
                        IMAGE);
            }
            return host;
        } catch (RuntimeException e) {
            host.close();
            throw e;
        }
    }

    /** Waits until its Docker answers, as after a restart. */
    public void awaitDocker() {
        Awaitility.await("Docker answers in " + name)
                .atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(100))
                .ignoreExceptions()
                .until(() -> !exec("docker", "version", "--format={{.Server.Version}}")
                        .isEmpty());
    }

    /** Runs a command in it. @return what it printed; fails when it fails */
    public String exec(String... command) {
        return DockerCli.docker(with(List.of("exec", name), command));
    }

    /** Its Docker's client. */
    public String docker(String... arguments) {
        return exec(with(List.of("docker"), arguments));
    }

    /** Its Podman's client. */
    public String podman(String... arguments) {
        return exec(with(List.of("podman", "--log-level=error"), arguments));
    }

    /** Its address, as this machine and other hosts see it. */
    public String address() {
        return DockerCli.docker("inspect", "-f", "{{range .NetworkSettings.Networks}}{{.IPAddress}} {{end}}", name)
                .split(" ", -1)[0];
    }

    /** This machine's address, as it sees it. */
    public String gateway() {
        return DockerCli.docker("inspect", "-f", "{{.NetworkSettings.Gateway}}", name);
    }

    /** The control group of all that runs in it: what its engines start below this one goes with it, else nobody removes it. */
    public String controlGroup() {
        return exec(
                "sed",
                "-nE",
                "s#^[0-9]+:(name=systemd)?:(/.*)#\\2#; t x; d; :x; s#/init.scope$##; p; q",
                "/proc/1/cgroup");
    }

    /** Its host name. */
    public String name() {
        return name;
    }

    /** Copies a file or a folder of this machine into it. */
    public void copy(Path from, String to) {
        DockerCli.docker("cp", from.toString(), name + ":" + to);
    }

    /** Power off: everything in it ends at once, and its address answers no more. */
    public void kill() {
        DockerCli.docker("kill", name);
    }

    /** Where its Docker listens on this machine's loopback, for those who have {@link #certificates}. */
    public int dockerPort() {
        return published(DOCKER_PORT);
    }

    /** Its Docker once more: without TLS, reached by its own address. Once. */
    public InetSocketAddress plainDocker() {
        exec(
                "systemd-run",
                "--socket-property=ListenStream=" + PLAIN_DOCKER_PORT,
                "/usr/lib/systemd/systemd-socket-proxyd",
                "/run/docker.sock");
        return new InetSocketAddress(address(), PLAIN_DOCKER_PORT);
    }

    /** Where its Podman listens on this machine's loopback. */
    public int podmanPort() {
        return published(PODMAN_PORT);
    }

    /** What its Docker wants to see of a client: a folder of {@code ca.pem}, {@code cert.pem}, {@code key.pem}. */
    public Path certificates(Path folder) {
        for (String file : List.of("ca.pem", "cert.pem", "key.pem")) {
            try {
                Files.writeString(folder.resolve(file), exec("cat", "/etc/docker/tls/client/" + file));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return folder;
    }

    private int published(int port) {
        return Integer.parseInt(DockerCli.docker("port", name, port + "/tcp").replaceAll(".*:", ""));
    }

    private static String[] with(List<String> before, String... arguments) {
        List<String> all = new ArrayList<>(before);
        all.addAll(Arrays.asList(arguments));
        return all.toArray(String[]::new);
    }

    @Override
    public void close() {
        DockerCli.docker("rm", "--force", "--volumes", name);
    }
}
