package dev.muster.provider.route53;

import dev.muster.provider.Adoption;
import dev.muster.provider.ProviderException;
import dev.muster.provider.UnansweredException;
import dev.muster.provider.aws.AwsException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A takeover that is shown first and then done, as it was shown or not at all. */
final class NameAdoption implements Adoption {

    private final Takeover takeover;
    private final Route53Api api;

    NameAdoption(Takeover takeover, Route53Api api) {
        this.takeover = takeover;
        this.api = api;
    }

    @Override
    public String service() {
        return takeover.claim().service();
    }

    @Override
    public String place() {
        return "%s in the zone %s, %s"
                .formatted(takeover.claim().name(), takeover.zone().name(), takeover.zone());
    }

    @Override
    public String owner() {
        return takeover.owner();
    }

    @Override
    public List<String> before() {
        return lines(takeover.goes());
    }

    @Override
    public List<String> after() {
        return lines(takeover.comes());
    }

    /** As a zone file has them (RFC 1035, section 5), byte for byte; what it has no place for stands behind, as a comment. */
    private static List<String> lines(List<RecordSet> sets) {
        return sets.stream().flatMap(NameAdoption::lines).toList();
    }

    private static Stream<String> lines(RecordSet set) {
        String beside = beside(set);
        return set.routing()
                .alias()
                .map(to -> Stream.of("%s IN %s ALIAS %s%s"
                        .formatted(set.name().escaped(), set.type(), to.name().escaped(), beside)))
                .orElseGet(() -> set.values().stream()
                        .map(value -> "%s %d IN %s %s%s"
                                .formatted(set.name().escaped(), set.ttlSeconds(), set.type(), value, beside)));
    }

    private static String beside(RecordSet set) {
        List<String> parts = new ArrayList<>();
        set.routing()
                .alias()
                .ifPresent(to -> parts.add(
                        "in zone %s%s".formatted(to.zone(), to.evaluatesHealth() ? ", only while it is healthy" : "")));
        if (!set.identifier().isEmpty()) {
            parts.add("identifier '" + set.identifier() + "'");
        }
        set.routing().weight().ifPresent(weight -> parts.add("weight " + weight));
        if (set.routing().multivalue()) {
            parts.add("multivalue");
        }
        if (!set.routing().healthCheck().isEmpty()) {
            parts.add("health check " + set.routing().healthCheck());
        }
        return parts.isEmpty() ? "" : " ; " + String.join(", ", parts);
    }

    @Override
    public void take() throws ProviderException {
        try {
            api.change(takeover.zone(), takeover.changes(), () -> true);
        } catch (AwsException e) {
            if (e.kind() == AwsException.Kind.LOST) {
                throw new UnansweredException("whether it was taken over is not known: " + e.getMessage(), e);
            }
            throw new ProviderException(
                    "nothing was changed; if it is another by now, look again: " + e.getMessage(), e);
        }
    }
}
