package dev.muster.provider.route53;

import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** A way to drive names that is wrong on purpose, to show that the histories notice it. */
public enum WrongNames {
    NONE,
    /** It overwrites what it should name exactly as it was. */
    OVERWRITES,
    /** It does not see what is somebody else's, and writes over it. */
    TAKES_WHAT_IS_THERE,
    /** Whatever is missing is let go. */
    GUARDS_NOTHING,
    /** A registry that is not read is an empty one. */
    TAKES_UNREAD_FOR_EMPTY,
    /** Records go without their texts. */
    FORGETS_THE_TEXTS,
    /** The zone's own text is written over, whatever it was: it keeps no late batch out. */
    FENCES_NOTHING,
    /** A record begins to name a health check that an earlier leader may have given up. */
    NAMES_WHAT_MAY_GO;

    private static final String FENCE = "_muster-route53.";

    List<FakeZone.Step> steps(List<FakeZone.Step> right) {
        return switch (this) {
            case FORGETS_THE_TEXTS ->
                right.stream()
                        .filter(step -> !step.set().name().text().startsWith("_muster-a."))
                        .toList();
            case FENCES_NOTHING -> overwriting(right, WrongNames::isFence);
            case OVERWRITES, TAKES_WHAT_IS_THERE -> overwriting(right, step -> true);
            case NONE, GUARDS_NOTHING, TAKES_UNREAD_FOR_EMPTY, NAMES_WHAT_MAY_GO -> right;
        };
    }

    private static boolean isFence(FakeZone.Step step) {
        return step.set().name().text().startsWith(FENCE);
    }

    private static List<FakeZone.Step> overwriting(List<FakeZone.Step> right, Predicate<FakeZone.Step> which) {
        Set<RecordSet.Key> written = right.stream()
                .filter(step -> which.test(step) && step.action().equals("CREATE"))
                .map(step -> step.set().key())
                .collect(Collectors.toSet());
        return right.stream()
                .filter(step -> step.action().equals("CREATE")
                        || !written.contains(step.set().key()))
                .map(step -> step.action().equals("CREATE") && which.test(step)
                        ? new FakeZone.Step("UPSERT", step.set())
                        : step)
                .toList();
    }
}
