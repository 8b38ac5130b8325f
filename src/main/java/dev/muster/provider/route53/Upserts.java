package dev.muster.provider.route53;

import dev.muster.provider.route53.RecordChange.Action;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * What the policy upsert-only leaves of a plan: nothing is deleted of which, by name and type, nothing would be left. So a
 * record changes with its instances, and neither it nor its name ever goes.
 */
final class Upserts {

    private Upserts() {}

    static List<NameChange> of(List<NameChange> changes, Collection<ZoneView> views) {
        List<NameChange> kept = new ArrayList<>();
        for (NameChange change : changes) {
            views.stream()
                    .filter(view -> view.zone().equals(change.zone()))
                    .findFirst()
                    .map(view -> of(change, view.after(change.changes())))
                    .filter(some -> !some.changes().isEmpty())
                    .ifPresent(kept::add);
        }
        return kept;
    }

    private static NameChange of(NameChange change, ZoneView after) {
        return new NameChange(
                change.zone(),
                change.name(),
                change.services(),
                change.changes().stream()
                        .filter(one -> one.action() == Action.CREATE
                                || !after.all(one.set().name(), one.set().type())
                                        .isEmpty())
                        .toList());
    }
}
