package dev.muster.testkit;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;

/** Three real etcd nodes that form one cluster; each can be killed, paused and started again by itself. */
public final class EtcdCluster implements AutoCloseable {

    private final List<EtcdProcess> members;
    private final Map<EtcdProcess, TcpProxy> clientLinks = new HashMap<>();
    private final Map<EtcdProcess, TcpProxy> peerLinks = new HashMap<>();

    private EtcdCluster(List<EtcdProcess> members) {
        this.members = members;
    }

    /**
     * A fresh cluster whose members all answer.
     *
     * @param options more flags of each
     */
    public static EtcdCluster start(String... options) {
        return new EtcdCluster(fresh(options)).begin();
    }

    /** The same, with links of its own between members, and between members and clients, which {@link #silence} stalls. */
    public static EtcdCluster startLinked() {
        EtcdCluster cluster = new EtcdCluster(fresh());
        for (EtcdProcess member : cluster.members) {
            cluster.clientLinks.put(member, new TcpProxy(member.port()));
            TcpProxy peers = new TcpProxy(member.peerPort());
            cluster.peerLinks.put(member, peers);
            member.isReachedAt(peers.port());
        }
        return cluster.begin();
    }

    private static List<EtcdProcess> fresh(String... options) {
        return IntStream.rangeClosed(1, 3)
                .mapToObj(number -> new EtcdProcess("m" + number, List.of(options)))
                .toList();
    }

    private EtcdCluster begin() {
        String all = members.stream().map(EtcdProcess::peer).collect(Collectors.joining(","));
        members.forEach(member -> member.isOneOf(all));
        members.forEach(EtcdProcess::startWithoutWaiting);
        Awaitility.await("every member answers")
                .atMost(Duration.ofSeconds(60))
                .until(() -> members.stream().allMatch(EtcdProcess::isHealthy));
        return this;
    }

    public List<EtcdProcess> members() {
        return members;
    }

    public List<URI> endpoints() {
        return members.stream()
                .map(member -> Optional.ofNullable(clientLinks.get(member))
                        .map(link -> URI.create("http://127.0.0.1:" + link.port()))
                        .orElse(member.endpoint()))
                .toList();
    }

    /**
     * Nothing that this member sends arrives any more, and nothing arrives at it, while every connection stays: as when its
     * packets are dropped. Members that connect to others say who they are.
     */
    public void silence(EtcdProcess member) {
        String from = "X-Server-From: " + member.id() + "\r\n";
        requireNonNull(clientLinks.get(member), "not linked").stall();
        peerLinks.forEach((other, link) -> {
            if (other.equals(member)) {
                link.stall();
            } else {
                link.stall(opening -> new String(opening, StandardCharsets.ISO_8859_1).contains(from));
            }
        });
    }

    /** Ends {@link #silence}; what was sent meanwhile arrives now. */
    public void unsilence(EtcdProcess member) {
        requireNonNull(clientLinks.get(member), "not linked").resume();
        peerLinks.values().forEach(TcpProxy::resume);
    }

    /** The leader, once there is one among those that run. */
    public EtcdProcess leader() {
        return Awaitility.await("a leader")
                .atMost(Duration.ofSeconds(60))
                .until(() -> members.stream().filter(EtcdProcess::isLeader).findFirst(), found -> found.isPresent())
                .orElseThrow();
    }

    /** The two that do not lead now. */
    public List<EtcdProcess> followers() {
        EtcdProcess leader = leader();
        return members.stream().filter(member -> !member.equals(leader)).toList();
    }

    @Override
    public void close() {
        members.forEach(EtcdProcess::close);
        for (Map<EtcdProcess, TcpProxy> links : List.of(clientLinks, peerLinks)) {
            links.values().forEach(TcpProxy::close);
        }
    }
}
