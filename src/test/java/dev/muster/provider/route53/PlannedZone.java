package dev.muster.provider.route53;

import static dev.muster.provider.route53.NamedServices.all;

import dev.muster.plan.ServiceTargets;
import java.util.List;

/** A zone as strict as the real one, and what is planned for it. */
final class PlannedZone {

    static final Zone ZONE = new Zone("Z1", new DnsName("example.com"), false);
    static final String GROUP = "route53";

    private ZoneView view = ZoneView.of(ZONE, List.of());
    private int nonces;

    ZoneView view() {
        return view;
    }

    RecordPlan.Planned plan(ServiceTargets... services) {
        return planBy(GROUP, services);
    }

    RecordPlan.Planned planBy(String group, ServiceTargets... services) {
        return RecordPlan.of(Reading.own(List.of(view)), AllChecks.NONE, all(services), group, 3, () -> "n" + ++nonces);
    }

    /** Does all of it. */
    RecordPlan.Planned make(ServiceTargets... services) throws FakeZone.Refusal {
        RecordPlan.Planned planned = plan(services);
        FakeZone zone = new FakeZone(ZONE);
        NamedServices.HEALTH_CHECKS.forEach(zone::healthCheck);
        view.sets().values().forEach(zone::put);
        for (List<NameChange> batch : Batches.of(planned.changes())) {
            zone.change(batch.stream()
                    .flatMap(name -> name.changes().stream())
                    .map(change -> new FakeZone.Step(change.action().name(), change.set()))
                    .toList());
        }
        view = ZoneView.of(ZONE, zone.all());
        return planned;
    }

    /** A person's hand. */
    void put(RecordSet set) {
        view = view.after(List.of(RecordChange.create(set)));
    }

    void remove(RecordSet set) {
        view = view.after(List.of(RecordChange.delete(set)));
    }

    List<RecordSet> sets(String name, String type) {
        return view.all(new DnsName(name), type);
    }

    /** Of a simple one. */
    List<String> values(String name, String type) {
        return view.simple(new DnsName(name), type).map(RecordSet::values).orElse(List.of());
    }

    Ownership said(String name, String type) {
        return Ownership.read(values(Ownership.place(new DnsName(name), type).text(), "TXT"))
                .orElseThrow();
    }
}
