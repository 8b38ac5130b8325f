package dev.muster.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.health.Verdict;
import dev.muster.model.Candidate;
import dev.muster.model.Candidates;
import dev.muster.model.CheckSpec;
import dev.muster.model.InstanceId;
import dev.muster.model.InstanceState;
import dev.muster.model.Registration;
import dev.muster.registry.RegistrationStore.Held;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What an agent writes, as a table for one instance. {@code r1}, {@code r2}: runs; {@code r1'}: the first run at another
 * address; {@code damaged}: what is stored cannot be read; {@code over}: replaces what is held, {@code new}: a first write.
 */
final class StepsTest {

    private static final String OWNER = "host1";
    private static final InstanceId WEB = new InstanceId("web", "web01");

    @ParameterizedTest(name = "{0}: wants {1} ({2}), holds {3}, published {4} -> {5}")
    @CsvSource(delimiter = '|', textBlock = """
            # case                                 | wanted    | verdict   | held           | published      | steps
            nothing runs                           | -         | UNDECIDED | -              | -              | -
            not checked yet                        | r1        | UNDECIDED | -              | -              | -
            serves                                 | r1        | HEALTHY   | -              | -              | put r1 up new
            has never served                       | r1        | FAILING   | -              | -              | -
            paused before it served                | r1 paused | UNDECIDED | -              | -              | -
            paused, without a check                | r1 paused | HEALTHY   | -              | -              | -
            nothing is new                         | r1        | HEALTHY   | r1 up          | r1 up          | -
            no longer serves                       | r1        | FAILING   | r1 up          | r1 up          | put r1 down check over
            still does not serve                   | r1        | FAILING   | r1 down check  | r1 down check  | -
            serves again                           | r1        | HEALTHY   | r1 down check  | r1 down check  | put r1 up over
            is paused                              | r1 paused | UNDECIDED | r1 up          | r1 up          | put r1 down paused over
            is paused, without a check             | r1 paused | HEALTHY   | r1 up          | r1 up          | put r1 down paused over
            still paused                           | r1 paused | UNDECIDED | r1 down paused | r1 down paused | -
            goes on, not checked yet               | r1        | UNDECIDED | r1 down paused | r1 down paused | -
            goes on and serves                     | r1        | HEALTHY   | r1 down paused | r1 down paused | put r1 up over
            goes on and does not serve             | r1        | FAILING   | r1 down paused | r1 down paused | put r1 down check over
            moved to another address               | r1'       | HEALTHY   | r1 up          | r1 up          | put r1' up over
            moved, not checked there yet           | r1'       | UNDECIDED | r1 down check  | r1 down check  | put r1' down check over
            ended                                  | -         | UNDECIDED | r1 up          | r1 up          | withdraw r1
            ended while it did not serve           | -         | UNDECIDED | r1 down check  | r1 down check  | withdraw r1
            # a run after a run
            restarted, not checked yet             | r2        | UNDECIDED | r1 up          | r1 up          | withdraw r1
            restarted and does not serve           | r2        | FAILING   | r1 up          | r1 up          | withdraw r1
            restarted and paused                   | r2 paused | HEALTHY   | r1 up          | r1 up          | withdraw r1
            restarted and serves already           | r2        | HEALTHY   | r1 up          | r1 up          | put r2 up over
            restarted, the old run is gone         | r2        | HEALTHY   | -              | -              | put r2 up new
            # adoption: held by a predecessor, not published by this process
            adopted, not checked yet               | r1        | UNDECIDED | r1 up          | -              | -
            adopted down, not checked yet          | r1        | UNDECIDED | r1 down check  | -              | -
            adopted while it drains                | r1        | UNDECIDED | r1 draining    | -              | -
            adopted, serves                        | r1        | HEALTHY   | r1 up          | -              | -
            adopted, does not serve                | r1        | FAILING   | r1 up          | -              | put r1 down check over
            adopted, ended meanwhile               | -         | UNDECIDED | r1 up          | -              | withdraw r1
            adopted, restarted meanwhile           | r2        | UNDECIDED | r1 up          | -              | withdraw r1
            # the lease was lost: published by this process, held no longer
            lost, not checked meanwhile            | r1        | UNDECIDED | -              | r1 up          | put r1 up new
            lost while down, not checked meanwhile | r1        | UNDECIDED | -              | r1 down check  | put r1 down check new
            lost, does not serve                   | r1        | FAILING   | -              | r1 up          | put r1 down check new
            lost while down, serves                | r1        | HEALTHY   | -              | r1 down check  | put r1 up new
            lost, paused                           | r1 paused | UNDECIDED | -              | r1 up          | put r1 down paused new
            lost, then ended                       | -         | UNDECIDED | -              | r1 up          | late r1
            lost, then restarted, not checked yet  | r2        | UNDECIDED | -              | r1 up          | late r1
            lost, then restarted, serves           | r2        | HEALTHY   | -              | r1 up          | put r2 up new
            # somebody changed what is stored
            changed, serves                        | r1        | HEALTHY   | damaged        | r1 up          | put r1 up over
            changed, not checked yet               | r1        | UNDECIDED | damaged        | r1 up          | put r1 up over
            changed while down                     | r1        | FAILING   | damaged        | r1 down check  | put r1 down check over
            changed, then ended                    | -         | UNDECIDED | damaged        | r1 up          | withdraw r1
            changed, then restarted                | r2        | UNDECIDED | damaged        | r1 up          | withdraw r1
            adopted changed, serves                | r1        | HEALTHY   | damaged        | -              | put r1 up over
            adopted changed, not checked yet       | r1        | UNDECIDED | damaged        | -              | -
            adopted changed, does not serve        | r1        | FAILING   | damaged        | -              | withdraw ?
            adopted changed, paused                | r1 paused | UNDECIDED | damaged        | -              | withdraw ?
            adopted changed, ended                 | -         | UNDECIDED | damaged        | -              | withdraw ?
            """)
    void table(String about, String wanted, Verdict verdict, String held, String published, String steps) {
        SortedMap<InstanceId, Candidate> candidates = new TreeMap<>();
        if (!wanted.equals("-")) {
            candidates.put(WEB, candidate(wanted));
        }
        SortedMap<InstanceId, Held> entries = new TreeMap<>();
        if (!held.equals("-")) {
            entries.put(WEB, held(WEB, held.equals("damaged") ? Optional.empty() : Optional.of(registration(held))));
        }
        Map<InstanceId, Registration> own = published.equals("-") ? Map.of() : Map.of(WEB, registration(published));
        var list = new Steps(OWNER, candidates, any -> verdict, entries, own, Set.of()).list();
        assertThat(list).hasSizeLessThan(2);
        assertThat(list.isEmpty() ? "-" : text(list.getFirst())).as(about).isEqualTo(steps);
    }

    @Test
    void removalsComeBeforeWhatTakesTheirPlace() {
        SortedMap<InstanceId, Candidate> wanted = new TreeMap<>();
        Candidate first = Candidates.of("app", "app01", "r1");
        wanted.put(first.id(), first);
        SortedMap<InstanceId, Held> held = new TreeMap<>(Map.of(WEB, held(WEB, Optional.of(registration("r1 up")))));
        var list = new Steps(OWNER, wanted, any -> Verdict.HEALTHY, held, Map.of(), Set.of()).list();
        assertThat(list).hasSize(2);
        assertThat(list.getFirst()).isInstanceOf(Step.Withdraw.class);
        assertThat(list.getLast()).isInstanceOf(Step.Publish.class);
    }

    /** Nobody knows what has become of a container that the engine lists and does not answer for. */
    @Test
    void whatIsPublishedOfAnUnreadContainerStaysAndNothingElse() {
        SortedMap<InstanceId, Candidate> none = new TreeMap<>();
        Registration registration = registration("r1 up");
        SortedMap<InstanceId, Held> held = new TreeMap<>(Map.of(WEB, held(WEB, Optional.of(registration))));
        SortedMap<InstanceId, Held> damaged = new TreeMap<>(Map.of(WEB, held(WEB, Optional.empty())));
        Map<InstanceId, Registration> own = Map.of(WEB, registration);
        Function<Set<String>, List<List<Step>>> steps = unread -> List.of(
                new Steps(OWNER, none, any -> Verdict.HEALTHY, held, Map.of(), unread).list(),
                new Steps(OWNER, none, any -> Verdict.HEALTHY, new TreeMap<>(), own, unread).list(),
                new Steps(OWNER, none, any -> Verdict.HEALTHY, damaged, own, unread).list());

        assertThat(steps.apply(Set.of("r1"))).allMatch(List::isEmpty);
        assertThat(steps.apply(Set.of("r2"))).noneMatch(List::isEmpty);
        assertThat(new Steps(OWNER, none, any -> Verdict.HEALTHY, damaged, Map.of(), Set.of("r2")).list())
                .as("it may be that of any container")
                .isEmpty();
    }

    @Test
    void aFarewellWithdrawsAllThatIsHeldAndSaysThatItsAgentLeaves() {
        SortedMap<InstanceId, Held> held = new TreeMap<>(Map.of(WEB, held(WEB, Optional.of(registration("r1 up")))));
        Steps steps = new Steps(OWNER, new TreeMap<>(), any -> Verdict.HEALTHY, held, Map.of(), Set.of());
        assertThat(steps.farewell()).singleElement().isInstanceOfSatisfying(Step.Withdraw.class, step -> {
            assertThat(step.goodbye().reason().text()).isEqualTo("leaving");
            assertThat(step.goodbye().run().containerId()).isEqualTo("r1");
        });
        assertThat(new Steps(OWNER, new TreeMap<>(), any -> Verdict.HEALTHY, new TreeMap<>(), Map.of(), Set.of())
                        .farewell())
                .isEmpty();
    }

    private static Candidate candidate(String text) {
        String run = text.split("[ ']")[0];
        String address = text.startsWith(run + "'") ? "10.0.0.2" : "10.0.0.1";
        Candidate candidate = Candidates.at(WEB.service(), WEB.instance(), run, CheckSpec.TCP, address);
        return text.endsWith(" paused") ? Candidates.paused(candidate) : candidate;
    }

    private static Registration registration(String text) {
        String[] words = text.split(" ");
        return new Registration(
                candidate(words[0]).instance(),
                OWNER,
                InstanceState.parse("state", words[1]),
                words.length > 2 ? words[2] : "");
    }

    private static Held held(InstanceId id, Optional<Registration> registration) {
        return new Held(id, 7, registration, Set.of("port"));
    }

    private static String text(Step step) {
        return switch (step) {
            case Step.Publish(Registration what, Optional<Held> seen) ->
                "put " + what.instance().run().containerId()
                        + (what.instance().addresses().privateIpv4().equals("10.0.0.2") ? "'" : "")
                        + " " + what.state().text() + (what.reason().isEmpty() ? "" : " " + what.reason())
                        + (seen.isPresent() ? " over" : " new");
            case Step.Withdraw withdraw ->
                "withdraw " + run(withdraw.goodbye().run().containerId());
            case Step.LateGoodbye late -> "late " + run(late.goodbye().run().containerId());
        };
    }

    private static String run(String containerId) {
        return containerId.isEmpty() ? "?" : containerId;
    }
}
