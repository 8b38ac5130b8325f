package dev.muster.provider.route53;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * One text for each group in each zone, which every batch of the group deletes as it was and creates anew. So a batch that
 * was planned before another one was accepted fails whole, whatever names the two are about; and a new leader that has
 * replaced the text need fear nothing that its predecessor may still have under way.
 */
record Fence(Zone zone, String group) {

    /** What it takes of a batch: two values, and their characters with room for the longest of groups. */
    static final int RECORDS = 2;

    static final int CHARACTERS = 400;

    private DnsName place() {
        return zone.name().under("_muster-" + group.toLowerCase(Locale.ROOT));
    }

    /** The epoch of the leader that has written there last; empty where none of the group has. */
    OptionalLong epoch(ZoneView view) {
        return view.simple(place(), "TXT")
                .flatMap(set -> Ownership.read(set.values()))
                .filter(said -> said.group().equals(group))
                .map(said -> OptionalLong.of(said.epoch()))
                .orElse(OptionalLong.empty());
    }

    /** The steps that make a batch one of this epoch. */
    List<RecordChange> steps(ZoneView view, long epoch, String nonce) {
        List<RecordChange> steps = new ArrayList<>();
        Optional<RecordSet> before = epoch(view).isPresent() ? view.simple(place(), "TXT") : Optional.empty();
        before.ifPresent(set -> steps.add(RecordChange.delete(set)));
        Ownership said = new Ownership(group, epoch, nonce, "zone", Kind.SIMPLE, false, new TreeMap<>());
        steps.add(RecordChange.create(RecordSet.simple(place(), "TXT", Ownership.TTL_SECONDS, List.of(said.value()))));
        return steps;
    }
}
