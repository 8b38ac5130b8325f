package dev.muster.source;

import dev.muster.doctor.Area;
import dev.muster.doctor.Check;
import dev.muster.doctor.Report;
import dev.muster.model.AliasPlaces;
import dev.muster.model.Candidate;
import dev.muster.model.Instance;
import dev.muster.model.Name;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** As what an agent would publish each running container, which it would refuse, and which it would leave out; and why. */
public final class ContainersCheck implements Check {

    /** What the host adds to labels, or why it cannot. */
    public interface Rules {
        /** @throws IllegalArgumentException when the host's addresses are not known */
        HostRules get();
    }

    private final Supplier<ContainerSource> engine;
    private final Rules rules;
    private final AliasPlaces aliases;
    private final boolean needed;

    /** @param needed whether an engine that is absent is a fault */
    public ContainersCheck(Supplier<ContainerSource> engine, Rules rules, AliasPlaces aliases, boolean needed) {
        this.engine = engine;
        this.rules = rules;
        this.aliases = aliases;
        this.needed = needed;
    }

    @Override
    public Area area() {
        return Area.CONTAINERS;
    }

    @Override
    public String name() {
        return "containers";
    }

    @Override
    public void run(Report report) {
        HostRules host;
        try {
            host = rules.get();
        } catch (IllegalArgumentException e) {
            report.fail(
                    name(),
                    "which containers are published is not known without this host's addresses",
                    "mend what is said of addresses: muster doctor --only host");
            return;
        }
        try (ContainerSource source = engine.get()) {
            tell(report, source.list(), host);
        } catch (PartlyReadException e) {
            report.fail(
                    name(),
                    String.valueOf(e.getMessage()),
                    "see why: docker inspect ID; restarting Docker mostly mends it");
            tell(report, e.read(), host);
        } catch (SourceException e) {
            String seen = "no container was read: " + e.getMessage();
            String mend = "mend what is said of the engine: muster doctor --only docker";
            if (needed) {
                report.fail(name(), seen, mend);
            } else {
                report.warn(name(), seen, "nothing, where no agent is to run; else " + mend);
            }
        }
    }

    private void tell(Report report, List<Container> containers, HostRules host) {
        if (containers.isEmpty()) {
            report.ok("published", "no container runs here");
        }
        Registrations.Result result = new Registrations(host, aliases).of(containers);
        Set<String> told = new HashSet<>();
        for (Candidate candidate : result.candidates().values()) {
            Instance instance = candidate.instance();
            told.add(instance.run().containerId());
            report.ok(
                    "published",
                    "%s as %s at %s (%s, check %s)"
                            .formatted(
                                    instance.attributes().getOrDefault(Registrations.CONTAINER, ""),
                                    instance.id(),
                                    instance.target(),
                                    instance.protocol().text(),
                                    instance.check().kind().name().toLowerCase(Locale.ROOT)));
        }
        for (Container container : containers) {
            Optional.ofNullable(result.refused().get(Name.printable(container.name())))
                    .ifPresent(why -> refused(report, container, why));
        }
        result.incomplete()
                .forEach((container, why) -> report.warn(
                        "incomplete",
                        "%s has labels that are not followed: %s".formatted(container, why),
                        "make it anew with what is allowed, in docker run or its Compose file"));
        containers.stream()
                .filter(container -> !told.contains(container.run().containerId()))
                .filter(container -> !result.refused().containsKey(Name.printable(container.name())))
                .sorted(Comparator.comparing(Container::name))
                .forEach(container -> report.ok(
                        "left-out",
                        "%s is left out: %s"
                                .formatted(Name.printable(container.name()), LeftOut.why(container, host))));
    }

    /** Nobody may have meant a container without a word about it, which is no fault then. */
    private static void refused(Report report, Container container, String why) {
        String seen = "%s is not published: %s".formatted(Name.printable(container.name()), why);
        if (container.environment().isEmpty()
                && container.labels().keySet().stream()
                        .noneMatch(label -> label.startsWith("muster.") || label.startsWith("SERVICE_"))) {
            report.warn("refused", seen, "make it anew so that it can be, or with --label muster.ignore=true");
        } else {
            report.fail("refused", seen, "make it anew with what is allowed, in docker run or its Compose file");
        }
    }
}
