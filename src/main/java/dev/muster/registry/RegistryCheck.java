package dev.muster.registry;

import dev.muster.doctor.Area;
import dev.muster.doctor.Check;
import dev.muster.doctor.Report;
import dev.muster.model.Catalog;
import dev.muster.model.Name;
import dev.muster.model.Registration;
import dev.muster.model.ServiceSettings;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The registry as a watcher reads it: what is there, what is set aside and why, and who is at work. */
public final class RegistryCheck implements Check {

    /** Where all of it is read, each once; reached only when it is asked for. */
    public interface Registry {
        Catalog catalog() throws RegistryException, InterruptedException;

        Roster roster();

        Progress progress();
    }

    /** What may stand in a command that a person copies. */
    private static final Pattern PLAIN = Pattern.compile("/[A-Za-z0-9._/-]+");

    /** Entries that are set aside and told one by one. */
    private static final int LISTED = 20;

    private static final String CATALOG = "catalog";
    private static final String ENTRIES = "entries";
    private static final String SETTINGS = "settings";
    private static final String AGENTS = "agents";
    private static final String WATCHERS = "watchers";

    private final Registry registry;

    public RegistryCheck(Registry registry) {
        this.registry = registry;
    }

    @Override
    public Area area() {
        return Area.REGISTRY;
    }

    @Override
    public String name() {
        return CATALOG;
    }

    @Override
    public void run(Report report) throws InterruptedException {
        try {
            Catalog catalog = registry.catalog();
            report.ok(
                    CATALOG,
                    "%d instances of %d services at revision %d"
                            .formatted(
                                    catalog.registrations().size(),
                                    catalog.services().size(),
                                    catalog.revision()));
            setAside(report, catalog.rejected());
            settings(report, catalog.settings());
            List<Roster.Agent> agents = registry.roster().agents();
            agents(report, agents);
            orphans(report, catalog, agents);
            try (Progress progress = registry.progress()) {
                List<Progress.Watcher> watchers = progress.watchers();
                watchers(report, watchers, progress.records());
                leaders(report, watchers, progress.leadersOf(watchers));
            }
        } catch (RegistryException e) {
            report.fail(
                    CATALOG,
                    "the registry was not read: " + e.getMessage(),
                    "see what is said of etcd: muster doctor --only etcd");
        }
    }

    private static void setAside(Report report, SortedMap<String, String> rejected) {
        rejected.entrySet().stream()
                .limit(LISTED)
                .forEach(one -> report.warn(
                        ENTRIES,
                        "%s is set aside: %s".formatted(one.getKey(), one.getValue()),
                        "its owner repairs it; where there is none, delete what is wrong there"
                                + (PLAIN.matcher(one.getKey()).matches()
                                        ? ": etcdctl get --prefix %s shows it".formatted(one.getKey())
                                        : "")));
        if (rejected.size() > LISTED) {
            report.warn(
                    ENTRIES,
                    "%d more entries are set aside".formatted(rejected.size() - LISTED),
                    "muster ls --rejected lists all of them");
        }
        if (rejected.isEmpty()) {
            report.ok(ENTRIES, "no entry is set aside");
        }
    }

    /** A program may write what {@code muster set} would have refused. */
    private static void settings(Report report, SortedMap<String, SortedMap<String, String>> settings) {
        settings.forEach((service, ofService) -> ServiceSettings.faults(ofService)
                .forEach((name, why) -> report.warn(
                        SETTINGS,
                        "of service %s the setting %s; its last good value stays in force"
                                .formatted(Name.printable(service), why),
                        "muster set %s %s VALUE, or muster unset %s %s".formatted(service, name, service, name))));
    }

    private static void agents(Report report, List<Roster.Agent> agents) {
        if (agents.isEmpty()) {
            report.warn(
                    AGENTS,
                    "no agent is there, so nothing is registered",
                    "start one on each Docker host: muster agent, with these --etcd-endpoints");
        }
        for (Roster.Agent agent : agents) {
            String seen = "agent %s on host %s, muster %s, its engine is %s"
                    .formatted(
                            Name.printable(agent.owner()),
                            Name.printable(agent.host()),
                            Name.printable(agent.version()),
                            Name.printable(agent.engine()));
            if (agent.engine().equals("unreachable")) {
                report.warn(
                        AGENTS,
                        seen + ": what it has registered stays as it was",
                        "on that host: muster doctor --only docker");
            } else {
                report.ok(AGENTS, seen);
            }
        }
    }

    /** Their lease would have ended along with the record: somebody else has put them there. */
    private static void orphans(Report report, Catalog catalog, List<Roster.Agent> agents) {
        Set<String> present = agents.stream().map(Roster.Agent::owner).collect(Collectors.toSet());
        SortedMap<String, Long> orphans = new TreeMap<>();
        for (Registration registration : catalog.registrations().values()) {
            if (!registration.owner().isEmpty() && !present.contains(registration.owner())) {
                orphans.merge(registration.owner(), 1L, Long::sum);
            }
        }
        orphans.forEach((owner, count) -> report.warn(
                ENTRIES,
                "%d instances belong to '%s', and no agent of that name is there".formatted(count, owner),
                "start that agent again; entries without a lease stay until it does, or etcdctl del removes them"));
    }

    private static void leaders(Report report, List<Progress.Watcher> watchers, List<Progress.Leader> leaders) {
        SortedSet<String> vacant = new TreeSet<>();
        watchers.forEach(watcher -> vacant.addAll(watcher.groups()));
        for (Progress.Leader leader : leaders) {
            vacant.remove(leader.group());
            report.ok(WATCHERS, "group %s is led by %s".formatted(leader.group(), Name.printable(leader.watcher())));
        }
        vacant.forEach(group -> report.warn(
                WATCHERS,
                "nobody leads the group %s, so nothing changes what its watchers share".formatted(group),
                "see what their logs say of the group; right after a watcher was lost, wait for its lease to end"));
    }

    private static void watchers(Report report, List<Progress.Watcher> watchers, List<Applied> records) {
        if (watchers.isEmpty()) {
            report.warn(
                    WATCHERS,
                    "no watcher is there, so nothing changes any load balancer",
                    "start one beside each HAProxy: muster watcher, with these --etcd-endpoints");
        }
        Set<String> present = Progress.names(watchers);
        for (Progress.Watcher watcher : watchers) {
            report.ok(
                    WATCHERS,
                    "watcher %s on host %s, muster %s, keeps %s"
                            .formatted(
                                    watcher.id(),
                                    Name.printable(watcher.host()),
                                    Name.printable(watcher.version()),
                                    Name.printable(String.join(", ", watcher.providers()))));
        }
        int held = 0;
        int failOpen = 0;
        int refused = 0;
        SortedMap<String, Long> gone = new TreeMap<>();
        for (Applied record : records) {
            held += record.held().size();
            failOpen += record.failOpen() ? 1 : 0;
            refused += record.refused().isEmpty() ? 0 : 1;
            if (!present.contains(record.watcher())) {
                gone.merge(record.watcher(), 1L, Long::sum);
            }
        }
        if (held > 0) {
            report.warn(
                    "held",
                    "%d removals are held back".formatted(held),
                    "muster plan says which, and why; muster release lets them go");
        }
        if (failOpen > 0) {
            report.warn(
                    "held",
                    "of %d services more than half fail their checks, which are not believed".formatted(failOpen),
                    "muster ls says which are down; see why their checks fail");
        }
        if (refused > 0) {
            report.warn(
                    "refused",
                    "%d services do not get all that they ask for".formatted(refused),
                    "muster plan says what is refused, and why");
        }
        gone.forEach((watcher, count) -> report.warn(
                WATCHERS,
                "watcher '%s' is gone and has left %d records".formatted(watcher, count),
                "start it again on its host: muster watcher"));
    }
}
