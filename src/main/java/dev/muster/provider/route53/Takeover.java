package dev.muster.provider.route53;

import dev.muster.plan.ServiceTargets;
import dev.muster.provider.route53.RecordChange.Action;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * What hands a name over to the service that asks for it: everything that stands there goes, exactly as it stands, with the
 * texts that say that it is somebody else's; the service's own records and texts come. Pure.
 *
 * @param owner whose it is, in words that follow "it is"
 * @param fence the steps that go before it in its batch: whoever has planned by what was before plans anew
 */
record Takeover(
        Claim claim, Zone zone, String owner, List<RecordSet> goes, List<RecordSet> comes, List<RecordChange> fence) {

    Takeover {
        goes = List.copyOf(goes);
        comes = List.copyOf(comes);
        fence = List.copyOf(fence);
    }

    /** @throws IllegalArgumentException where there is nothing to hand over, or nobody to whom, saying what to do */
    static Takeover of(
            DnsName name,
            SortedMap<String, ServiceTargets> asked,
            Reading reading,
            String group,
            Supplier<String> nonces) {
        Claim claim = claim(name, asked, group);
        ServiceTargets service = Objects.requireNonNull(asked.get(claim.service()));
        Zone zone = Zone.of(
                name, Claims.zone(service), reading.zones(service.about().settings()));
        ZoneView view = reading.view(zone).orElseThrow();
        List<RecordSet> standing = Stream.concat(Claims.TYPES.stream(), Stream.of("CNAME"))
                .flatMap(type -> view.all(name, type).stream())
                .toList();
        require(
                !standing.isEmpty(),
                "nothing stands at %s: a watcher gives it to %s by itself".formatted(name, claim.service()));
        List<RecordSet> strange = standing.stream()
                .filter(set -> !Identifier.isOurs(group, set)
                        || !isOf(group, view.all(Ownership.place(name, set.type()), "TXT")))
                .toList();
        require(!strange.isEmpty(), "what stands at %s is the group %s's already".formatted(name, group));
        List<RecordSet> texts = Strangers.texts(view, name, standing);
        Stream.concat(standing.stream(), texts.stream())
                .forEach(set -> require(
                        set.isWhole(),
                        "%s %s is chosen by more than is known here (%s), and could not be put back as it was: remove it by hand"
                                .formatted(set.name(), set.type(), set.words())));
        require(
                Claims.TYPES.stream().anyMatch(type -> !claim.wish(type).sets().isEmpty()),
                "no instance of %s with a public address is in service: the name would lead nowhere"
                        .formatted(claim.service()));

        long epoch = Found.epoch(reading.all(), group);
        List<RecordSet> goes = new ArrayList<>(standing);
        List<RecordSet> comes = new ArrayList<>();
        for (String type : Claims.TYPES) {
            goes.addAll(view.all(Ownership.place(name, type), "TXT"));
            Claim.Wish wish = claim.wish(type);
            if (!wish.sets().isEmpty()) {
                comes.addAll(wish.sets());
                comes.add(new Ownership(
                                group,
                                epoch,
                                nonces.get(),
                                claim.service(),
                                wish.kind(),
                                claim.outlives(),
                                wish.targets())
                        .record(name, type));
            }
        }
        for (RecordSet text : texts) {
            goes.add(text);
            List<String> others = text.values().stream()
                    .filter(Predicate.not(Strangers::isExternalDns))
                    .toList();
            if (!others.isEmpty()) {
                comes.add(text.withValues(others));
            }
        }
        return new Takeover(
                claim,
                zone,
                Strangers.owner(view, strange.getFirst()),
                goes,
                comes,
                new Fence(zone, group).steps(view, epoch, nonces.get()));
    }

    private static Claim claim(DnsName name, SortedMap<String, ServiceTargets> asked, String group) {
        SortedMap<String, Claim> claims = new TreeMap<>();
        asked.forEach((service, targets) -> of(targets, group).stream()
                .filter(claim -> claim.name().equals(name))
                .forEach(claim -> claims.put(service, claim)));
        require(!claims.isEmpty(), "no service asks for %s: muster set SERVICE dns_name %s".formatted(name, name));
        require(
                claims.size() == 1,
                "several services ask for %s (%s): leave it to one of them"
                        .formatted(name, String.join(", ", claims.keySet())));
        return claims.firstEntry().getValue();
    }

    private static List<Claim> of(ServiceTargets targets, String group) {
        try {
            return Claims.of(targets, group, () -> Asked.DEFAULT_TTL_SECONDS);
        } catch (IllegalArgumentException asksForNoName) {
            return List.of();
        }
    }

    private static boolean isOf(String group, List<RecordSet> texts) {
        return texts.stream()
                .flatMap(text -> Ownership.read(text.values()).stream())
                .anyMatch(said -> said.group().equals(group));
    }

    private static void require(boolean so, String otherwise) {
        if (!so) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    /** One batch: it fails whole where anything is not as it was seen. */
    List<RecordChange> changes() {
        List<RecordChange> changes = new ArrayList<>(fence);
        goes.forEach(set -> changes.add(new RecordChange(Action.DELETE, set)));
        comes.forEach(set -> changes.add(new RecordChange(Action.CREATE, set)));
        return changes;
    }
}
