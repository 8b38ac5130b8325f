package dev.muster.provider.route53;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * Puts the changes of one zone into as few requests as the limits allow. No name is split: whatever is to happen to it
 * happens in one. Each name goes, the largest first, into the first request that has room for it.
 *
 * @see <a href="https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DNSLimitations.html">Quotas</a>
 */
final class Batches {

    /** Of the 1000 values of a request, and its 32,000 characters, what the fence leaves. */
    static final int RECORDS = 1000 - Fence.RECORDS;

    static final int CHARACTERS = 32_000 - Fence.CHARACTERS;

    private static final Comparator<NameChange> LARGEST =
            Comparator.comparingDouble(Batches::share).reversed().thenComparing(NameChange::name);

    private static final class Batch {
        private final List<NameChange> names = new ArrayList<>();
        private int records;
        private int characters;

        boolean takes(NameChange change) {
            return records + change.records() <= RECORDS && characters + change.characters() <= CHARACTERS;
        }

        void add(NameChange change) {
            names.add(change);
            records += change.records();
            characters += change.characters();
        }
    }

    private Batches() {}

    /** @param changes each of which fits into one request */
    static List<List<NameChange>> of(Collection<NameChange> changes) {
        List<Batch> batches = new ArrayList<>();
        for (NameChange change : changes.stream().sorted(LARGEST).toList()) {
            batches.stream()
                    .filter(batch -> batch.takes(change))
                    .findFirst()
                    .orElseGet(() -> {
                        batches.add(new Batch());
                        return batches.getLast();
                    })
                    .add(change);
        }
        return batches.stream().map(batch -> List.copyOf(batch.names)).toList();
    }

    static boolean fits(NameChange change) {
        return new Batch().takes(change);
    }

    /** Of whichever limit it takes more of. */
    private static double share(NameChange change) {
        return Math.max((double) change.records() / RECORDS, (double) change.characters() / CHARACTERS);
    }
}
