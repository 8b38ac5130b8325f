package dev.muster.registry.etcd;

import dev.muster.config.EtcdConfig;
import dev.muster.doctor.Area;
import dev.muster.doctor.Check;
import dev.muster.doctor.Report;
import dev.muster.model.Name;
import dev.muster.registry.RegistryException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.stream.Collectors;

/** Whether each endpoint of etcd answers, as what, and how the whole of them is. */
public final class MembersCheck implements Check {

    private static final String MEMBER = "endpoint";
    private static final Duration CLOCK_TOLERANCE = Duration.ofSeconds(2);
    private static final Duration SLOW = Duration.ofMillis(200);

    private final EtcdConfig config;

    public MembersCheck(EtcdConfig config) {
        this.config = config;
    }

    @Override
    public Area area() {
        return Area.ETCD;
    }

    @Override
    public String name() {
        return MEMBER;
    }

    @Override
    public void run(Report report) throws InterruptedException {
        List<URI> endpoints;
        try {
            endpoints = endpoints();
        } catch (RegistryException e) {
            report.fail(
                    MEMBER,
                    String.valueOf(e.getMessage()),
                    "see what DNS has (dig +short SRV _etcd-client._tcp.%s), or name endpoints with --etcd-endpoints"
                            .formatted(config.discovery().orElse("DOMAIN")));
            return;
        }
        List<EtcdMember> members = look(endpoints);
        List<EtcdMember.Answering> answering = new ArrayList<>();
        members.forEach(member -> {
            if (member instanceof EtcdMember.Answering answers) {
                answering.add(answers);
            }
        });
        members.forEach(member -> tell(report, member, !answering.isEmpty()));
        if (answering.isEmpty()) {
            return;
        }
        clusters(report, answering);
        alarms(report, answering);
        answering.forEach(member -> clock(report, member));
        Space.of(
                        answering.getFirst(),
                        new EtcdPages(config, answering.getFirst().endpoint()).figures())
                .tell(report);
    }

    /** In the order in which they were named. */
    private List<URI> endpoints() throws RegistryException {
        return config.discovery().isPresent() ? Endpoints.of(config).find() : config.endpoints();
    }

    private List<EtcdMember> look(List<URI> endpoints) throws InterruptedException {
        List<FutureTask<EtcdMember>> looks = new ArrayList<>();
        for (URI endpoint : endpoints) {
            FutureTask<EtcdMember> look = new FutureTask<>(() -> EtcdMember.look(config, endpoint));
            Thread.ofVirtual().name("etcd-member").start(look);
            looks.add(look);
        }
        List<EtcdMember> members = new ArrayList<>();
        for (FutureTask<EtcdMember> look : looks) {
            try {
                members.add(look.get());
            } catch (ExecutionException e) {
                throw new IllegalStateException(e.getCause());
            }
        }
        return members;
    }

    private static void tell(Report report, EtcdMember member, boolean anyAnswers) {
        switch (member) {
            case EtcdMember.Silent silent
            when anyAnswers ->
                report.warn(MEMBER, "%s %s; others answer".formatted(silent.endpoint(), silent.why()), silent.mend());
            case EtcdMember.Silent silent ->
                report.fail(MEMBER, "%s %s".formatted(silent.endpoint(), silent.why()), silent.mend());
            case EtcdMember.Answering answering -> tell(report, answering);
        }
    }

    private static void tell(Report report, EtcdMember.Answering member) {
        String seen = "%s answers in %s: etcd %s, %s"
                .formatted(
                        member.endpoint(),
                        millis(member.latency()),
                        Name.printable(member.version()),
                        member.learner() ? "a learner" : member.id() == member.leader() ? "the leader" : "a follower");
        if (!member.atLeast(3, 4)) {
            report.fail(MEMBER, seen + "; Muster needs 3.4 or newer", "update etcd there");
        } else if (member.learner()) {
            report.fail(
                    MEMBER,
                    seen + ", which answers no reads",
                    "take it out of --etcd-endpoints, or make it a member: etcdctl member promote %x"
                            .formatted(member.id()));
        } else if (member.leader() == 0) {
            report.fail(MEMBER, seen + "; its cluster has no leader", "start the other members");
        } else if (member.latency().compareTo(SLOW) > 0) {
            report.warn(
                    MEMBER,
                    seen + ", which is slow",
                    "see its disk and network: etcdctl --endpoints %s check perf".formatted(member.endpoint()));
        } else {
            report.ok(MEMBER, seen);
        }
    }

    /** Two clusters behind one list of endpoints would each be taken for a replacement of the other. */
    private static void clusters(Report report, List<EtcdMember.Answering> members) {
        Set<Long> clusters = members.stream().map(EtcdMember.Answering::cluster).collect(Collectors.toSet());
        if (clusters.size() > 1) {
            report.fail(
                    "cluster",
                    "the endpoints belong to %d clusters: %s"
                            .formatted(
                                    clusters.size(),
                                    members.stream()
                                            .map(each -> "%s to %x".formatted(each.endpoint(), each.cluster()))
                                            .collect(Collectors.joining(", "))),
                    "name the members of one cluster only in --etcd-endpoints");
        }
    }

    /** Every member tells of all alarms. */
    private static void alarms(Report report, List<EtcdMember.Answering> members) {
        Set<String> errors = new TreeSet<>();
        members.forEach(member -> errors.addAll(member.errors()));
        errors.removeIf(error -> error.contains("no leader"));
        if (errors.isEmpty()) {
            report.ok("alarms", "no alarm");
            return;
        }
        for (String error : errors) {
            String seen = "it says: " + Name.printable(error);
            if (error.contains("NOSPACE")) {
                String ctl = "etcdctl --endpoints " + members.getFirst().endpoint();
                report.fail(
                        "alarms",
                        seen + "; it is full and takes no writes",
                        "%s compact %d && %s defrag && %s alarm disarm; then a larger --quota-backend-bytes, or --auto-compaction-retention=1h"
                                .formatted(ctl, members.getFirst().revision(), ctl, ctl));
            } else {
                report.fail("alarms", seen, "etcd's own documentation on recovery says what to do with that member");
            }
        }
    }

    /** etcd counts leases by itself, so an offset breaks nothing; but it falsifies every age and time that is shown. */
    private void clock(Report report, EtcdMember.Answering member) {
        Optional<Duration> offset = new EtcdPages(config, member.endpoint()).clockOffset();
        if (offset.isEmpty()) {
            return;
        }
        if (offset.get().abs().compareTo(CLOCK_TOLERANCE) > 0) {
            report.warn(
                    "clock",
                    "the clock of %s is %d s %s this machine's"
                            .formatted(
                                    member.endpoint(),
                                    offset.get().abs().toSeconds(),
                                    offset.get().isNegative() ? "behind" : "ahead of"),
                    "set both by the network: timedatectl set-ntp true");
        } else {
            report.ok("clock", "the clock of %s agrees with this machine's".formatted(member.endpoint()));
        }
    }

    private static String millis(Duration duration) {
        long millis = duration.toMillis();
        return millis == 0 ? "less than 1 ms" : millis + " ms";
    }
}
