package dev.muster.provider.route53;

import dev.muster.plan.Effect;
import dev.muster.plan.Effect.Kind;
import dev.muster.provider.route53.RecordChange.Action;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Changes as people read them: record by record, as zone files have them. */
final class Words {

    /** In the place of a service. */
    private static final String NOBODY = "-";

    private Words() {}

    static List<Effect> of(List<NameChange> changes) {
        List<Effect> effects = new ArrayList<>();
        changes.forEach(change -> effects.addAll(of(change)));
        return effects;
    }

    /** What is made before records name it, and what no record names any more. */
    static List<Effect> of(List<MissingCheck> missing, List<HealthCheck> unused) {
        return Stream.concat(
                        missing.stream()
                                .map(check ->
                                        new Effect(Kind.ADD, check.service(), "health check " + check.endpoint())),
                        unused.stream()
                                .map(check -> new Effect(
                                        Kind.REMOVE, NOBODY, check.words() + ", which no record of ours names")))
                .toList();
    }

    /**
     * What others have changed, by what is to be done about it. What would go was adopted a moment ago: its service has not
     * been told to have it yet.
     */
    static List<String> putRight(List<NameChange> changes) {
        return of(changes).stream()
                .filter(effect -> effect.kind() != Kind.REMOVE)
                .map(effect -> effect.what() + (effect.kind() == Kind.ADD ? " (it was deleted)" : ""))
                .toList();
    }

    private static List<Effect> of(NameChange change) {
        Map<RecordSet.Key, List<RecordChange>> bySet = new LinkedHashMap<>();
        change.changes().stream()
                .filter(one -> one.set().name().equals(change.name()))
                .forEach(one -> bySet.computeIfAbsent(one.set().key(), first -> new ArrayList<>())
                        .add(one));
        String service = String.join(", ", change.services());
        List<Effect> effects = new ArrayList<>();
        bySet.values().forEach(steps -> effects.add(of(service, steps)));
        if (effects.isEmpty()) {
            effects.add(new Effect(Kind.UPDATE, service, "the text that says whose %s is".formatted(change.name())));
        }
        return effects;
    }

    private static Effect of(String service, List<RecordChange> steps) {
        RecordChange last = steps.getLast();
        String what = of(steps.getFirst().set());
        if (steps.size() > 1) {
            return new Effect(Kind.UPDATE, service, "%s -> %s".formatted(what, data(last.set())));
        }
        return new Effect(last.action() == Action.CREATE ? Kind.ADD : Kind.REMOVE, service, what);
    }

    /** {@code web.example.com A 60 203.0.113.5}. */
    static String of(RecordSet set) {
        return "%s %s%s %s"
                .formatted(
                        set.name(),
                        set.type(),
                        set.identifier().isEmpty() ? "" : " '" + set.identifier() + "'",
                        data(set));
    }

    private static String data(RecordSet set) {
        return set.ttlSeconds() + " " + set.words();
    }
}
