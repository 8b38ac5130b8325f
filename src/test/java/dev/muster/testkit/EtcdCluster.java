package dev.muster.testkit;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;

/** Three real etcd nodes that form one cluster; each can be killed, paused and started again by itself. */
public final class EtcdCluster implements AutoCloseable {

    private final List<EtcdProcess> members;

    private EtcdCluster(List<EtcdProcess> members) {
        this.members = members;
    }

    /**
     * A fresh cluster whose members all answer.
     *
     * @param options more flags of each
     */
    public static EtcdCluster start(String... options) {
        List<EtcdProcess> members = IntStream.rangeClosed(1, 3)
                .mapToObj(number -> new EtcdProcess("m" + number, List.of(options)))
                .toList();
        String all = members.stream().map(EtcdProcess::peer).collect(Collectors.joining(","));
        members.forEach(member -> member.isOneOf(all));
        members.forEach(EtcdProcess::startWithoutWaiting);
        EtcdCluster cluster = new EtcdCluster(members);
        Awaitility.await("every member answers")
                .atMost(Duration.ofSeconds(20))
                .until(() -> members.stream().allMatch(EtcdProcess::isHealthy));
        return cluster;
    }

    public List<EtcdProcess> members() {
        return members;
    }

    public List<URI> endpoints() {
        return members.stream().map(EtcdProcess::endpoint).toList();
    }

    /** The leader, once there is one among those that run. */
    public EtcdProcess leader() {
        return Awaitility.await("a leader")
                .atMost(Duration.ofSeconds(20))
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
    }
}
