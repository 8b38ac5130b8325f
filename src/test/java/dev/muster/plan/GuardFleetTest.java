package dev.muster.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.model.Target;
import dev.muster.plan.Decision.Cause;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Random fleets, each followed for some steps; a failure names the seed that shows it again. */
class GuardFleetTest {

    private static final int FLEETS = 10_000;
    private static final int STEPS = 12;

    /** The sizes of a binding, kept in the most simple way there is. */
    private static final class Ledger {
        private record Span(Instant from, int size) {}

        private final List<Span> spans = new ArrayList<>();

        void is(Instant now, int size) {
            spans.add(new Span(now, size));
        }

        void lower(int by) {
            spans.replaceAll(span -> new Span(span.from(), Math.max(0, span.size() - by)));
        }

        int largest(Instant now) {
            int largest = 0;
            for (int i = 0; i < spans.size(); i++) {
                boolean past = i + 1 < spans.size() && !spans.get(i + 1).from().isAfter(now.minus(Duration.ofHours(1)));
                largest = past ? largest : Math.max(largest, spans.get(i).size());
            }
            return largest;
        }
    }

    @Test
    void keeps_its_word_in_every_fleet() {
        Map<Cause, Integer> seen = new EnumMap<>(Cause.class);
        for (int seed = 1; seed <= FLEETS; seed++) {
            follow(seed, seen);
        }
        // A run in which one kind of departure never happened would prove nothing about it.
        assertThat(seen).as("departures by cause").containsOnlyKeys(Cause.values());
        assertThat(seen.values()).as("departures by cause").allMatch(count -> count > 1000);
    }

    private static void follow(int seed, Map<Cause, Integer> seen) {
        RandomFleet fleet = new RandomFleet(seed);
        Ledger ledger = new Ledger();
        Optional<Sizes> sizes = Optional.of(Sizes.NONE);
        for (int step = 0; step < STEPS; step++) {
            fleet.step();
            Facts facts = fleet.facts(sizes);
            Decision decision = Guard.decide(facts);
            String where = "seed %d, step %d".formatted(seed, step);
            ledger.is(facts.now(), facts.serving().size());
            ledger.lower(count(decision, Cause.ANNOUNCED) + count(decision, Cause.RELEASED));
            nothingIsLostOrInvented(where, facts, decision);
            goodbyesAreObeyed(where, facts, decision);
            absencesProveNothing(where, facts, decision);
            halfStays(where, decision, ledger.largest(facts.now()));
            decidingAgainChangesNothing(where, facts, decision);
            decision.removals().forEach(removal -> seen.merge(removal.cause(), 1, Integer::sum));
            ledger.is(facts.now(), decision.serving().size());
            fleet.becomes(decision);
            sizes = Optional.of(decision.sizes().orElse(sizes.orElseThrow()));
            if (facts.sizes().isEmpty()) {
                return; // what the sizes were from here on is not known to anybody
            }
        }
    }

    private static void nothingIsLostOrInvented(String where, Facts facts, Decision decision) {
        Set<Target> removed =
                decision.removals().stream().map(Decision.Removal::target).collect(Collectors.toSet());
        Set<Target> held = decision.holds().stream().map(Hold::target).collect(Collectors.toSet());
        facts.serving()
                .keySet()
                .forEach(target -> assertThat((facts.wanted().containsKey(target) ? 1 : 0)
                                + (removed.contains(target) ? 1 : 0)
                                + (held.contains(target) ? 1 : 0))
                        .as("%s: %s is wanted, removed or held, and one of these only", where, target)
                        .isEqualTo(1));
        assertThat(decision.serving().size())
                .as("%s: what is wanted and what is held", where)
                .isEqualTo(facts.wanted().size() + held.size());
        assertThat(decision.serving().keySet())
                .as(where)
                .containsAll(facts.wanted().keySet())
                .containsAll(held);
    }

    private static void goodbyesAreObeyed(String where, Facts facts, Decision decision) {
        decision.holds()
                .forEach(hold -> assertThat(!facts.unsettled() && RandomFleet.saidGoodbye(facts, hold.target()))
                        .as("%s: %s said goodbye and is held", where, hold)
                        .isFalse());
        decision.removals().stream()
                .filter(removal -> removal.cause() == Cause.ANNOUNCED)
                .forEach(removal -> assertThat(RandomFleet.saidGoodbye(facts, removal.target()))
                        .as("%s: %s never said goodbye", where, removal)
                        .isTrue());
    }

    private static void absencesProveNothing(String where, Facts facts, Decision decision) {
        for (Decision.Removal removal : decision.removals()) {
            boolean unannounced = removal.cause() == Cause.EXPIRED || removal.cause() == Cause.RELEASED;
            assertThat(unannounced && (!facts.synced() || facts.unsettled()))
                    .as("%s: %s while the registry cannot be trusted", where, removal)
                    .isFalse();
            if (removal.cause() == Cause.EXPIRED) {
                ProbeResult found = facts.probe(removal.target());
                Instant since = removal.was().missingSince().orElse(facts.now());
                boolean heldLongEnough = !facts.now().isBefore(since.plus(Duration.ofHours(1)));
                assertThat(found == ProbeResult.SILENT || (found == ProbeResult.BARE_TCP && heldLongEnough))
                        .as("%s: %s although its probe says %s", where, removal, found)
                        .isTrue();
                assertThat(facts.sizes()).as("%s: the sizes", where).isPresent();
            }
        }
    }

    private static void halfStays(String where, Decision decision, int largest) {
        int least = Math.max(1, (largest + 1) / 2);
        int left = decision.serving().size();
        if (count(decision, Cause.EXPIRED) > 0) {
            assertThat(left).as("%s: left of at most %d", where, largest).isGreaterThanOrEqualTo(least);
        }
        if (decision.holds().stream().anyMatch(hold -> hold.why().contains("at least"))) {
            assertThat(left).as("%s: one more could go", where).isLessThanOrEqualTo(least);
        }
    }

    private static void decidingAgainChangesNothing(String where, Facts facts, Decision decision) {
        SortedMap<Target, Serving> serving = decision.serving();
        Decision again = Guard.decide(new Facts(
                facts.now(),
                facts.synced(),
                facts.unsettledUntil(),
                serving,
                facts.wanted(),
                facts.goodbyes(),
                facts.probes(),
                decision.sizes(),
                Map.of()));
        assertThat(again.serving()).as(where).isEqualTo(serving);
        assertThat(again.removals()).as(where).isEmpty();
        assertThat(again.sizes().orElse(Sizes.NONE))
                .as("%s: nothing changed, so the sizes are the same object", where)
                .isSameAs(decision.sizes().orElse(Sizes.NONE));
    }

    private static int count(Decision decision, Cause cause) {
        return (int) decision.removals().stream()
                .filter(removal -> removal.cause() == cause)
                .count();
    }
}
