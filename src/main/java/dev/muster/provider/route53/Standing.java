package dev.muster.provider.route53;

import java.util.List;
import java.util.Optional;

/** What stands at a name, and what of it is a group's: the sets without an identifier, and those with one of its own. */
record Standing(String group) {

    /**
     * The sets of a record of ours, whoever may have changed them, as long as they are still of their kind.
     *
     * @throws Conflict where somebody has made something else of it
     */
    List<RecordSet> of(ZoneView view, Owned owned) throws Conflict {
        for (RecordSet set : ours(view, owned)) {
            if (!isOfItsKind(set, owned)) {
                throw new Conflict("%s %s was made another kind of record by hand (%s): remove it, or unset dns_name"
                        .formatted(owned.name(), owned.type(), set.words()));
            }
        }
        return ours(view, owned);
    }

    /** The same where nobody asks for it any more: what somebody has made of it is that person's. */
    List<RecordSet> left(ZoneView view, Owned owned) {
        return ours(view, owned).stream().filter(set -> isOfItsKind(set, owned)).toList();
    }

    private List<RecordSet> ours(ZoneView view, Owned owned) {
        return view.all(owned.name(), owned.type()).stream()
                .filter(set -> Identifier.isOurs(group, set))
                .toList();
    }

    private static boolean isOfItsKind(RecordSet set, Owned owned) {
        return Kind.of(set).equals(Optional.of(owned.said().kind()));
    }

    /** That nothing of anybody stands where a record of ours is to be. */
    void free(ZoneView view, DnsName name, String type) throws Conflict {
        for (String taken : List.of(type, "CNAME")) {
            List<RecordSet> there = view.all(name, taken);
            if (!there.isEmpty()) {
                throw new Conflict("%s %s (%s) stands there already: it is %s"
                        .formatted(name, taken, there.getFirst().words(), Strangers.owner(view, name, taken)));
            }
        }
        DnsName beside = Ownership.place(name, type);
        if (beside.text().length() > 253) {
            throw new Conflict("%s is too long: 240 characters are the most".formatted(name));
        }
        if (!view.all(beside, "TXT").isEmpty()) {
            throw new Conflict(
                    "%s TXT stands there already: it is %s".formatted(beside, Strangers.owner(view, name, type)));
        }
    }

    /** That what others have put beside a record of ours can stand beside it as it is to be. */
    void goesWithOthers(ZoneView view, List<RecordSet> wanted) throws Conflict {
        RecordSet one = wanted.getFirst();
        for (RecordSet other : view.all(one.name(), one.type())) {
            boolean goes = Identifier.isOurs(group, other)
                    || (!one.identifier().isEmpty()
                            && Kind.of(other).equals(Kind.of(one))
                            && other.ttlSeconds() == one.ttlSeconds());
            if (!goes) {
                throw new Conflict(
                        "%s %s (%s, %d s, identifier '%s') stands beside it and is not ours: allowed there are others of its kind and time to live"
                                .formatted(
                                        other.name(),
                                        other.type(),
                                        other.words(),
                                        other.ttlSeconds(),
                                        other.identifier()));
            }
        }
    }
}
