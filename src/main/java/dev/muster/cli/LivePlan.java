package dev.muster.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.plan.Effect;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a look at the targets has found, as lines and as JSON. */
final class LivePlan {

    /** @param text without its sign */
    record Line(Difference.Kind kind, String text) {}

    private LivePlan() {}

    /** Target by target: what would be added, changed and removed, what would be held, and what is refused. */
    static List<Line> lines(Rehearsal found) {
        List<Line> lines = new ArrayList<>();
        for (Foreseen target : found.targets()) {
            target.effects()
                    .forEach(effect -> lines.add(new Line(
                            kind(effect.kind()),
                            "%s/%s: %s".formatted(effect.service(), target.provider(), effect.what()))));
            target.held()
                    .forEach(hold -> lines.add(new Line(
                            Difference.Kind.HOLD,
                            "%s/%s: %s, %s".formatted(hold.instance(), target.provider(), hold.target(), hold.why()))));
            target.refused()
                    .forEach(
                            refusal -> lines.add(new Line(Difference.Kind.REFUSE, target.provider() + ": " + refusal)));
        }
        return lines;
    }

    private static Difference.Kind kind(Effect.Kind kind) {
        return switch (kind) {
            case ADD -> Difference.Kind.ADD;
            case UPDATE -> Difference.Kind.UPDATE;
            case REMOVE -> Difference.Kind.REMOVE;
        };
    }

    static ObjectNode json(Rehearsal found) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        object.put("in_step", found.unfinished().isEmpty() && found.inStep());
        found.unfinished().ifPresent(why -> object.put("unfinished", why));
        ArrayNode targets = object.putArray("targets");
        for (Foreseen target : found.targets()) {
            ObjectNode one = targets.addObject().put("provider", target.provider());
            ArrayNode changes = one.putArray("changes");
            target.effects()
                    .forEach(effect -> changes.addObject()
                            .put("kind", effect.kind().name().toLowerCase(Locale.ROOT))
                            .put("service", effect.service())
                            .put("what", effect.what()));
            ArrayNode held = one.putArray("held");
            target.held().forEach(hold -> held.add(PlanJson.of(hold)));
            ArrayNode refused = one.putArray("refused");
            target.refused().forEach(refused::add);
        }
        return object;
    }
}
