package dev.muster.registry.etcd;

import dev.muster.config.EtcdConfig;
import dev.muster.registry.RegistryException;
import io.etcd.jetcd.maintenance.StatusResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;

/** One endpoint of etcd, as it answers for itself. */
sealed interface EtcdMember {

    URI endpoint();

    /**
     * It is of no use.
     *
     * @param why a sentence that begins with what is wrong, for instance {@code cannot be reached: connection refused}
     */
    record Silent(URI endpoint, String why, String mend) implements EtcdMember {}

    /**
     * It answers.
     *
     * @param latency of a read that the whole cluster has to agree to
     * @param errors what it says of itself, alarms among them
     */
    record Answering(
            URI endpoint,
            Duration latency,
            String version,
            long cluster,
            long id,
            long leader,
            boolean learner,
            long revision,
            long bytes,
            List<String> errors)
            implements EtcdMember {

        /** Whether its version is at least this one. */
        boolean atLeast(int major, int minor) {
            String[] parts = version.split("[^0-9]+", 3);
            try {
                int ownMajor = Integer.parseInt(parts[0]);
                int ownMinor = parts.length > 1 ? Integer.parseInt(parts[1]) : 0;
                return ownMajor > major || (ownMajor == major && ownMinor >= minor);
            } catch (NumberFormatException e) {
                return true;
            }
        }
    }

    /** Looks at one endpoint; each of its calls has the configuration's bound. */
    static EtcdMember look(EtcdConfig config, URI endpoint) {
        try (Socket socket = new Socket()) {
            InetAddress address = InetAddress.getByName(endpoint.getHost());
            socket.connect(
                    new InetSocketAddress(address, endpoint.getPort()),
                    Math.toIntExact(config.timeout().toMillis()));
        } catch (UnknownHostException e) {
            return new Silent(
                    endpoint,
                    "cannot be reached: no such host as '%s'".formatted(endpoint.getHost()),
                    "mend the name in --etcd-endpoints, or teach it to this machine (/etc/hosts, DNS)");
        } catch (SocketTimeoutException e) {
            return new Silent(
                    endpoint,
                    "cannot be reached: no connection within %d ms"
                            .formatted(config.timeout().toMillis()),
                    "see whether that machine is up and no firewall is between: nc -vz %s %d"
                            .formatted(endpoint.getHost(), endpoint.getPort()));
        } catch (IOException e) {
            return new Silent(
                    endpoint,
                    "cannot be reached: " + e.getMessage(),
                    "start etcd there (apt-get install etcd-server, systemctl start etcd), or name where it is: --etcd-endpoints http://HOST:2379");
        }
        return ask(config.at(endpoint), endpoint);
    }

    private static EtcdMember ask(EtcdConfig config, URI endpoint) {
        try (EtcdConnection connection = new EtcdConnection(config)) {
            StatusResponse status;
            try {
                status = connection.callAnyMember(
                        "ask its status",
                        client -> client.getMaintenanceClient().statusMember(endpoint.toString()));
            } catch (RegistryException e) {
                return new Silent(endpoint, unanswered(e), mend(config, endpoint, e));
            }
            try {
                connection.look();
            } catch (RegistryException e) {
                if (!EtcdErrors.isRefusal(e)) {
                    return new Silent(
                            endpoint,
                            "%s runs and answers no read (%s): %s"
                                    .formatted(
                                            status.getVersion(),
                                            e.getMessage(),
                                            status.getLeader() == 0
                                                    ? "its cluster has no leader, so most of its members are away"
                                                    : "its cluster does not agree in time"),
                            "start the other members; etcdctl --endpoints %s endpoint status --cluster tells which"
                                    .formatted(endpoint));
                }
            }
            return answering(endpoint, status, timed(connection));
        }
    }

    private static String unanswered(RegistryException why) {
        return (EtcdErrors.isRefusal(why)
                        ? "does not let this user in: "
                        : "accepts connections and does not answer as an etcd: ")
                + why.getMessage();
    }

    private static String mend(EtcdConfig config, URI endpoint, RegistryException why) {
        if (EtcdErrors.isRefusal(why)) {
            return "see --etcd-user and --etcd-password-file; etcdctl user list shows whom etcd knows";
        }
        return config.tls().isPresent()
                ? "see --etcd-ca, --etcd-cert and --etcd-key; openssl s_client -connect %s shows what etcd asks for"
                        .formatted(endpoint.getAuthority())
                : "see what listens there (with TLS it is https://%s), and etcd's log (journalctl -u etcd); restart it if it hangs"
                        .formatted(endpoint.getAuthority());
    }

    /** A refusal has gone the same way as an answer. */
    private static Duration timed(EtcdConnection connection) {
        long begun = System.nanoTime();
        try {
            connection.look();
        } catch (RegistryException refused) {
            return Duration.ofNanos(System.nanoTime() - begun);
        }
        return Duration.ofNanos(System.nanoTime() - begun);
    }

    private static Answering answering(URI endpoint, StatusResponse status, Duration latency) {
        return new Answering(
                endpoint,
                latency,
                status.getVersion(),
                status.getHeader().getClusterId(),
                status.getHeader().getMemberId(),
                status.getLeader(),
                status.isLearner(),
                status.getHeader().getRevision(),
                status.getDbSize(),
                List.copyOf(status.getErrorList()));
    }
}
