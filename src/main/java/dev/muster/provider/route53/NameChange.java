package dev.muster.provider.route53;

import dev.muster.model.DnsType;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Everything that is to change at one name of one zone: it happens together or not at all.
 *
 * @param services whose name it was or is to be
 */
record NameChange(Zone zone, DnsName name, List<String> services, List<RecordChange> changes) {

    Place place() {
        return new Place(zone, name);
    }

    /** The values of its records, of which a batch may have 1000. */
    int records() {
        return changes.stream().mapToInt(change -> change.set().records()).sum();
    }

    /** Their characters, of which a batch may have 32,000. */
    int characters() {
        return changes.stream().mapToInt(change -> change.set().characters()).sum();
    }

    /** The ids of those that its records are to name and do not name yet. */
    Set<String> healthChecks() {
        return changes.stream()
                .filter(change -> change.action() == RecordChange.Action.CREATE)
                .map(change -> change.set().routing().healthCheck())
                .filter(id -> !id.isEmpty())
                .collect(Collectors.toSet());
    }

    /** Whether it leads to other names, which should be there before. */
    boolean leadsOn() {
        return changes.stream()
                .anyMatch(change -> change.action() == RecordChange.Action.CREATE
                        && change.set().type().equals(DnsType.SRV.name()));
    }

    /** Whether it only takes away. */
    boolean onlyRemoves() {
        return changes.stream().allMatch(change -> change.action() == RecordChange.Action.DELETE);
    }
}
