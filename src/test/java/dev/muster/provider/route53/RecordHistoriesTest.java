package dev.muster.provider.route53;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.plan.About;
import dev.muster.plan.ServiceTargets;
import dev.muster.testkit.Histories;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Two watchers that take turns in leading, batches that are refused, late, or done without an answer, and a person who
 * writes as well: what is not ours stays, a record is never without its text, and no leader's batch is done in a later one's
 * time.
 */
class RecordHistoriesTest {

    @RegisterExtension
    static final Histories HISTORIES = new Histories(2_000);

    private static final int STEPS = 40;
    private static final Zone ZONE = new Zone("Z1", new DnsName("example.com"), false);
    private static final Fence FENCE = new Fence(ZONE, "route53");

    private record Late(long epoch, List<FakeZone.Step> steps) {}

    /** One history, by its seed. */
    private static final class History implements Histories.History {
        private final Random random;
        private final FakeZone zone = new FakeZone(ZONE);
        private final List<RecordSet> foreign = new ArrayList<>();
        private final List<Late> late = new ArrayList<>();
        private SortedMap<String, ServiceTargets> desired = new TreeMap<>();
        private ZoneView view;
        private long epoch = 1;
        private int nonces;

        History(long seed) {
            random = new Random(seed);
            view = read();
        }

        @Override
        public void run() throws Exception {
            for (int step = 0; step < STEPS; step++) {
                step();
                check();
            }
            end();
            check();
        }

        private ZoneView read() {
            return ZoneView.of(ZONE, zone.all());
        }

        private void step() throws Exception {
            switch (random.nextInt(8)) {
                case 0, 1 -> wish();
                case 2 -> strangers();
                case 3 -> arrive();
                case 4 -> succeed();
                default -> lead();
            }
        }

        private void wish() {
            String service = "s" + random.nextInt(4);
            if (random.nextInt(4) == 0) {
                desired.remove(service);
            } else {
                ServiceTargets one = NamedServices.up(
                        service, "203.0.113." + random.nextInt(4), "203.0.113." + (4 + random.nextInt(4)));
                desired.put(
                        service,
                        switch (random.nextInt(7)) {
                            case 0 -> NamedServices.with(one, "dns_routing", "weighted");
                            case 1 -> NamedServices.with(one, "dns_routing", "multivalue");
                            case 2 -> NamedServices.with(one, "dns_alias", "lb.example.net/Z32O12XQLNTSW2");
                            case 3 -> NamedServices.with(one, "dns_type", "A,SRV");
                            case 4 -> labelled(one);
                            default -> one;
                        });
            }
        }

        private static ServiceTargets labelled(ServiceTargets one) {
            SortedMap<String, String> labels = new TreeMap<>();
            one.about().settings().forEach((name, text) -> labels.put(name.replace("dns_", "muster.dns."), text));
            return one.withAbout(new About(labels, one.about().details()));
        }

        /** At a name that nobody of ours has; or beside sets of ours, as Route 53 lets them. */
        private void strangers() {
            DnsName name = new DnsName("s%d.example.com".formatted(random.nextInt(4)));
            if (read().all(name, "A").stream()
                            .anyMatch(set -> set.routing().weight().isPresent())
                    && random.nextBoolean()) {
                RecordSet beside = new RecordSet(name, "A", "canary", 60, List.of("198.51.100.2"), Routing.weighted(1));
                zone.put(beside);
                foreign.add(beside);
                return;
            }
            RecordSet set = RecordSet.simple(name, "A", 300, List.of("198.51.100.1"));
            if (read().all(set.name(), "A").isEmpty()
                    && read().all(Ownership.place(set.name(), "A"), "TXT").isEmpty()) {
                zone.put(set);
                foreign.add(set);
            }
        }

        /** What was under way for long. */
        private void arrive() {
            if (!late.isEmpty()) {
                Late batch = late.remove(random.nextInt(late.size()));
                change(batch);
            }
        }

        private boolean change(Late batch) {
            long now = FENCE.epoch(read()).orElse(0);
            try {
                zone.change(batch.steps());
            } catch (FakeZone.Refusal refused) {
                return false;
            }
            assertThat(batch.epoch()).as("the epoch of a batch that was done").isGreaterThanOrEqualTo(now);
            return true;
        }

        /** Another one leads, and says so first of all; what it knows it has read before that. */
        private void succeed() {
            epoch++;
            view = read();
            change(batch(List.of()));
            view = read();
        }

        private void lead() {
            RecordPlan.Planned planned = plan();
            for (List<NameChange> names : Batches.of(planned.changes())) {
                Late batch = batch(names);
                if (random.nextInt(4) == 0) {
                    late.add(batch);
                } else {
                    change(batch);
                }
                view = read(); // in doubt, or as it knows from what was done
            }
            if (random.nextBoolean()) {
                view = read(); // otherwise it does not see what others have written since
            }
        }

        private RecordPlan.Planned plan() {
            return RecordPlan.of(
                    Reading.own(List.of(view)), AllChecks.NONE, desired, "route53", epoch, () -> "n" + ++nonces);
        }

        private Late batch(List<NameChange> names) {
            List<RecordChange> steps = new ArrayList<>(FENCE.steps(view, epoch, "f" + ++nonces));
            names.forEach(name -> steps.addAll(name.changes()));
            return new Late(
                    epoch,
                    steps.stream()
                            .map(step -> new FakeZone.Step(step.action().name(), step.set()))
                            .toList());
        }

        private void check() {
            ZoneView now = read();
            assertThat(now.sets().values()).as("what is somebody else's").containsAll(foreign);
            for (Owned owned : Owned.of(now, "route53")) {
                assertThat(now.all(owned.name(), owned.type()))
                        .as("beside its text")
                        .filteredOn(set -> !foreign.contains(set))
                        .isNotEmpty()
                        .allSatisfy(set ->
                                assertThat(Kind.of(set)).contains(owned.said().kind()));
            }
        }

        /** The last leader reads, and nothing is in its way any more. */
        private void end() {
            late.forEach(this::change);
            view = read();
            RecordPlan.Planned planned = plan();
            Batches.of(planned.changes())
                    .forEach(names -> assertThat(change(batch(names))).isTrue());
            view = read();
            assertThat(plan().changes()).isEmpty();
            desired.forEach((service, targets) -> {
                if (!planned.refused().containsKey(service)) {
                    List<RecordSet> sets = Claims.of(targets, "route53", () -> 60).stream()
                            .flatMap(claim -> claim.wishes().values().stream())
                            .flatMap(wish -> wish.sets().stream())
                            .toList();
                    assertThat(view.sets().values()).as(service).containsAll(sets);
                }
            });
        }
    }

    @Test
    void whatever_comes_late_nothing_of_anybody_else_is_touched_and_no_newer_word_is_undone() {
        HISTORIES.hold(History::new);
    }
}
