package dev.muster.plan;

import dev.muster.model.Route;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One thing that applying a plan would do to a target, for people.
 *
 * @param service that it is about
 * @param what in the target's own terms
 */
public record Effect(Kind kind, String service, String what) {

    public enum Kind {
        ADD,
        UPDATE,
        REMOVE
    }

    /** Of a target that has no other terms than services and their instances. */
    public static List<Effect> of(List<Change> changes) {
        List<Effect> effects = new ArrayList<>();
        changes.forEach(change -> effects.add(of(change)));
        return effects;
    }

    private static Effect of(Change change) {
        return switch (change) {
            case Change.Shape shape ->
                new Effect(
                        Kind.UPDATE,
                        shape.service(),
                        "its place: " + shape.desired().protocol().text() + routes(shape.desired()));
            case Change.Describe describe -> new Effect(Kind.UPDATE, describe.service(), "what is known of it");
            case Change.Drop drop -> new Effect(Kind.REMOVE, drop.service(), "its place");
            case Change.Add add -> new Effect(Kind.ADD, add.service(), words(add.target(), add.state()));
            case Change.Update update ->
                new Effect(
                        Kind.UPDATE,
                        update.service(),
                        "%s -> %s".formatted(words(update.target(), update.from()), state(update.to())));
            case Change.Remove remove ->
                new Effect(Kind.REMOVE, remove.service(), words(remove.target(), remove.last()));
        };
    }

    private static String routes(ServiceTargets service) {
        return service.routes().isEmpty()
                ? ""
                : service.routes().stream().map(Route::toString).collect(Collectors.joining(", ", ", routes ", ""));
    }

    private static String words(Object target, TargetState as) {
        return "%s at %s, %s".formatted(as.instance().instance(), target, state(as));
    }

    private static String state(TargetState as) {
        return "%s, weight %d".formatted(as.state().text(), as.weight());
    }
}
