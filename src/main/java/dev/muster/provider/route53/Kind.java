package dev.muster.provider.route53;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The kinds of record sets that Muster writes. All sets of one name and type are of one kind. */
enum Kind {
    /** One set of all values. */
    SIMPLE,
    /** A set for each instance. */
    MULTIVALUE,
    /** A set for each instance. */
    WEIGHTED,
    /** One set that leads elsewhere. */
    ALIAS;

    /** Empty for one that nothing here writes. */
    static Optional<Kind> of(RecordSet set) {
        Routing routing = set.routing();
        boolean alone = set.identifier().isEmpty();
        if (!routing.other().isEmpty() || (alone && !routing.healthCheck().isEmpty())) {
            return Optional.empty();
        }
        if (routing.alias().isPresent()) {
            return Optional.of(ALIAS).filter(kind -> alone);
        }
        if (alone) {
            return Optional.of(SIMPLE);
        }
        return routing.weight().isPresent()
                ? Optional.of(WEIGHTED)
                : Optional.of(MULTIVALUE).filter(kind -> routing.multivalue());
    }

    String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Kind parse(String text) {
        return Arrays.stream(values())
                .filter(kind -> kind.text().equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("kind '%s'".formatted(text)));
    }
}
