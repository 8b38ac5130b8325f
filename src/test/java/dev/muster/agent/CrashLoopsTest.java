package dev.muster.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.health.Verdict;
import dev.muster.model.Candidate;
import dev.muster.model.Candidates;
import dev.muster.model.InstanceId;
import dev.muster.model.Run;
import dev.muster.reconcile.FakeTime;
import java.time.Duration;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * When a run has to show first that it lasts. A history is a list of: {@code r1} it runs as that run and serves,
 * {@code r1?} not checked yet, {@code r1!} it fails, {@code -} nothing runs, {@code ~} nothing runs, and no event told of it,
 * {@code ask r1} somebody sent that run's container a signal, {@code 30s} time passes. Containers of runs {@code r} are one
 * and the same, those of runs {@code s1}, {@code s2} one each.
 */
final class CrashLoopsTest {

    private static final InstanceId WEB = new InstanceId("web", "web01");

    private final FakeTime time = new FakeTime();
    private final CrashLoops loops = new CrashLoops(time);

    @ParameterizedTest(name = "{0}: {1} -> {2}")
    @CsvSource(delimiter = '|', textBlock = """
            # case                              | history                                            | probation, looping
            the first run                       | r1                                                 | no no
            one exit                            | r1, 5s, -, 1s, r2                                  | no no
            two exits within a minute           | r1, 5s, -, 1s, r2, 5s, -, 1s, r3                   | yes yes
            nothing was seen in between         | r1, 5s, r2, 5s, r3                                 | yes yes
            two exits, a minute apart           | r1, 5s, -, 1s, r2, 59s, -, 1s, r3                  | yes yes
            two exits, further apart            | r1, 5s, -, 1s, r2, 60s, -, 1s, r3                  | no no
            it waits a minute for its next run  | r1, 5s, -, 1s, r2, 5s, -, 60s, r3                  | yes yes
            it waits longer than engines wait   | r1, 5s, -, 1s, r2, 5s, -, 121s, -, r3              | no no
            between two runs                    | r1, 5s, -, 1s, r2, 5s, -, 1s, r3, 5s, -            | yes yes
            # probation
            not checked yet                     | r1, -, r2, -, r3?, 60s, r3?                        | yes yes
            healthy, not long enough            | r1, -, r2, -, r3, 29s, r3                          | yes yes
            healthy for long enough             | r1, -, r2, -, r3, 30s, r3                          | no no
            its check failed in between         | r1, -, r2, -, r3, 20s, r3!, 1s, r3, 20s, r3        | yes yes
            it fails when its time is over      | r1, -, r2, -, r3, 30s, r3!                         | yes yes
            it fails after its probation        | r1, -, r2, -, r3, 30s, r3, 1s, r3!                 | no no
            it ends once more                   | r1, -, r2, -, r3, 20s, r3, -, r4                   | yes yes
            it ends soon after its probation    | r1, -, r2, -, r3, 30s, r3, 1s, -, r4               | yes yes
            it ends long after its probation    | r1, -, r2, -, r3, 30s, r3, 60s, -, r4              | no no
            # somebody asked
            both were asked for                 | r1, ask r1, -, r2, ask r2, -, r3                   | no no
            the first was asked for             | r1, ask r1, -, 1s, r2, 5s, -, r3                   | no no
            the second was asked for            | r1, 5s, -, r2, ask r2, -, r3                       | no no
            two after one that was asked for    | r1, ask r1, -, 1s, r2, 5s, -, r3, 5s, -, r4        | yes yes
            restarted by a person meanwhile     | r1, -, r2, -, r3, 5s, ask r3, -, r4                | no no
            it was told after the exit          | r1, 5s, -, r2, 5s, -, ask r2, r3                   | no no
            a signal of long ago                | r1, ask r1, 61s, -, r2, -, r3                      | yes yes
            removed and run anew by a person    | s1, ask s1, -, s2, ask s2, -, s3                   | no no
            run anew by a unit, each time anew  | s1, -, s2, -, s3                                   | yes yes
            # nobody told
            the engine was away                 | r1, ~, r2, ~, r3                                   | no no
            it was away once                    | r1, -, r2, ~, r3                                   | no no
            """)
    void theNextRunAfterTwoUnaskedExitsHasToLast(String name, String history, String expected) {
        for (String event : history.split(", ")) {
            happen(event);
        }
        assertThat(said(loops.onProbation(WEB)) + " " + said(loops.looping().contains(WEB)))
                .isEqualTo(expected);
    }

    @Test
    void saysWhenToLookAgain() {
        for (String event : "r1, -, r2, -, r3?".split(", ")) {
            happen(event);
        }
        assertThat(loops.untilNext()).as("nothing is healthy").isEmpty();
        happen("r3");
        happen("10s");
        assertThat(loops.untilNext()).contains(Duration.ofSeconds(20));
    }

    private void happen(String event) {
        if (event.startsWith("ask ")) {
            loops.asked(candidate(event.substring(4)).instance().run().containerId());
        } else if (event.endsWith("s") && event.length() > 1) {
            time.advance(Duration.ofSeconds(Long.parseLong(event.substring(0, event.length() - 1))));
        } else {
            SortedMap<InstanceId, Candidate> running = new TreeMap<>();
            if (event.length() > 1) {
                running.put(WEB, candidate(event.replaceAll("[?!]", "")));
            }
            Verdict verdict =
                    event.endsWith("?") ? Verdict.UNDECIDED : event.endsWith("!") ? Verdict.FAILING : Verdict.HEALTHY;
            loops.follow(running, candidate -> verdict, !event.equals("~"));
        }
    }

    private static Candidate candidate(String run) {
        return Candidates.of(WEB, new Run(run.startsWith("r") ? "r" : run, run));
    }

    private static String said(boolean yes) {
        return yes ? "yes" : "no";
    }
}
