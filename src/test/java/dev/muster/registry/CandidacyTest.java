package dev.muster.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.reconcile.FakeTime;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class CandidacyTest {

    private static final Duration TTL = Duration.ofSeconds(10);

    private final FakeTime time = new FakeTime();
    private final FakeGroup group = new FakeGroup(time, TTL, WrongElection.NONE);
    private final AtomicInteger told = new AtomicInteger();
    private boolean unreachable;
    private boolean repliesAreLost;
    private FakeSeat seat = seat("lb1");
    private final Candidacy one = candidacy(seat, "lb1");

    private FakeSeat seat(String watcher) {
        return new FakeSeat(group, watcher, this::carry, lease -> {});
    }

    private Candidacy candidacy(FakeSeat of, String watcher) {
        return new Candidacy(of, watcher, time, new Random(1), () -> {}, told::incrementAndGet);
    }

    private <T> T carry(FakeSeat.Call<T> call) throws RegistryException {
        if (unreachable) {
            throw new RegistryException("no answer");
        }
        T answer = call.make();
        if (repliesAreLost) {
            throw new RegistryException("the answer is lost");
        }
        return answer;
    }

    /** The registry hears of the lease again, and says so. */
    private void renew() {
        FakeSeat.FakeLease lease = seat.granted().getLast();
        group.renew(lease.id());
        lease.renewed(time.nanos());
    }

    /** Steps until it wants to wait for longer than a moment. */
    private static void settle(Candidacy candidacy, FakeTime time) {
        for (Duration next = candidacy.step(); next.compareTo(Duration.ofMillis(500)) < 0; next = candidacy.step()) {
            time.advance(next.plusMillis(1));
        }
    }

    @Test
    void who_comes_first_leads_and_the_next_stands_by() {
        one.step();
        assertThat(one.term()).isPresent();
        assertThat(one.left()).isEqualTo(TTL);
        assertThat(told).hasValue(1);
        Candidacy two = candidacy(seat("lb2"), "lb2");
        assertThat(two.step()).isEqualTo(TTL);
        assertThat(two.term()).isEmpty();
        assertThat(two.leader()).contains("lb1");
    }

    @Test
    void at_its_own_deadline_it_leads_no_more_whoever_looks() {
        one.step();
        time.advance(TTL.minusMillis(1));
        assertThat(one.term()).isPresent();
        time.advance(Duration.ofMillis(1));
        assertThat(one.term()).isEmpty();
        assertThat(one.left()).isZero();
    }

    @Test
    void the_next_one_waits_a_share_of_a_moment_and_leads_in_a_higher_epoch() {
        one.step();
        long epoch = one.term().orElseThrow().epoch();
        FakeSeat next = seat("lb2");
        Candidacy two = candidacy(next, "lb2");
        two.step();
        time.advance(TTL);
        next.listener().disturbed();
        assertThat(two.step()).isBetween(Duration.ofMillis(1), Duration.ofMillis(250));
        assertThat(two.term()).isEmpty();
        settle(two, time);
        assertThat(two.term().orElseThrow().epoch()).isGreaterThan(epoch);
        assertThat(one.term()).isEmpty();
    }

    @Test
    void an_epoch_is_above_the_last_one_though_its_clock_is_behind() throws RegistryException {
        group.take(group.look(), "lb9", 9_000_000_000_000L, group.grant());
        time.advance(TTL);
        one.step();
        assertThat(one.term().map(Term::epoch)).contains(9_000_000_000_001L);
    }

    @Test
    void an_epoch_is_not_below_the_time_though_the_registry_has_forgotten_all() {
        one.step();
        assertThat(one.term().orElseThrow().epoch()).isEqualTo(time.now().toEpochMilli());
    }

    @Test
    void what_a_person_wrote_into_the_seat_under_no_lease_is_nobodys() {
        group.scribble();
        one.step();
        assertThat(one.term()).isPresent();
    }

    @Test
    void put_out_of_its_seat_by_hand_it_leads_no_more_and_stands_again() {
        one.step();
        Term before = one.term().orElseThrow();
        group.delete();
        seat.listener().disturbed();
        settle(one, time);
        assertThat(one.term().orElseThrow().epoch()).isGreaterThan(before.epoch());
        assertThat(told).hasValue(3);
    }

    @Test
    void a_seat_that_was_taken_without_an_answer_is_found_to_be_ours() {
        one.step();
        group.delete();
        seat.listener().disturbed();
        time.advance(Duration.ofSeconds(1));
        unreachable = true;
        one.step();
        unreachable = false;
        repliesAreLost = true;
        settle(one, time);
        repliesAreLost = false;
        settle(one, time);
        assertThat(one.term().map(Term::epoch)).isEqualTo(group.leader().map(FakeGroup.Key::epoch));
    }

    @Test
    void replaced_data_end_its_term_at_once() {
        one.step();
        group.wipe();
        seat.listener().replaced();
        assertThat(one.term()).isEmpty();
        settle(one, time);
        time.advance(Duration.ofMillis(500));
        settle(one, time);
        assertThat(one.term()).isPresent();
    }

    @Test
    void it_resigns_at_once_and_the_seat_is_free_when_its_pass_has_ended() {
        one.step();
        one.begun();
        one.resign();
        assertThat(one.term()).isEmpty();
        assertThat(one.left()).isZero();
        one.step();
        assertThat(group.leader()).isPresent();
        one.ended();
        one.step();
        assertThat(group.leader()).isEmpty();
        assertThat(one.isOver()).isTrue();
    }

    @Test
    void a_pass_that_does_not_end_keeps_the_seat_for_half_a_second_only() {
        one.step();
        one.begun();
        one.resign();
        time.advance(Duration.ofMillis(500));
        one.step();
        assertThat(group.leader()).isEmpty();
    }

    @Test
    void who_resigns_leaves_a_successor_alone() {
        one.step();
        time.advance(TTL);
        Candidacy two = candidacy(seat("lb2"), "lb2");
        two.step();
        one.resign();
        one.step();
        assertThat(group.leader().map(FakeGroup.Key::watcher)).contains("lb2");
    }

    @Test
    void a_minute_in_a_pass_without_finishing_anything_ends_its_term() {
        one.step();
        one.begun();
        for (int second = 0; second < 59; second++) {
            time.advance(Duration.ofSeconds(1));
            renew();
            one.step();
        }
        assertThat(one.term()).isPresent();
        one.advanced();
        for (int second = 0; second < 59; second++) {
            time.advance(Duration.ofSeconds(1));
            renew();
            one.step();
        }
        assertThat(one.term()).isPresent();
        time.advance(Duration.ofSeconds(1));
        renew();
        one.step();
        assertThat(one.term()).isEmpty();
        assertThat(seat.granted().getLast().isClosed()).isTrue();
        assertThat(group.leader()).as("a call may be under way for so long").isPresent();
        time.advance(TTL);
        one.step();
        assertThat(one.term()).as("who is stuck does not stand").isEmpty();
        one.ended();
        settle(one, time);
        assertThat(one.term()).isPresent();
    }

    @Test
    void between_passes_nothing_needs_to_be_finished() {
        one.step();
        one.begun();
        one.ended();
        for (int second = 0; second < 120; second++) {
            time.advance(Duration.ofSeconds(1));
            renew();
            one.step();
        }
        assertThat(one.term()).isPresent();
    }

    @Test
    void a_target_that_has_seen_more_than_the_registry_lifts_the_epoch() {
        one.step();
        Term before = one.term().orElseThrow();
        long seen = before.epoch() + 1_000;
        Optional<Term> now = one.surpassed(seen);
        assertThat(now.map(Term::epoch)).contains(seen + 1);
        assertThat(one.term()).isEqualTo(now);
        assertThat(group.leader().map(FakeGroup.Key::epoch)).contains(seen + 1);
        assertThat(group.lastEpoch()).isEqualTo(seen + 1);
        assertThat(one.surpassed(seen)).isEqualTo(now);
        assertThat(one.surpassed(Long.MAX_VALUE)).as("no election gave that").isEqualTo(now);
    }

    @Test
    void a_target_that_has_seen_a_successor_deposes() {
        one.step();
        Term before = one.term().orElseThrow();
        group.delete();
        Candidacy two = candidacy(seat("lb2"), "lb2");
        two.step();
        assertThat(one.term()).as("it has not heard yet").contains(before);
        assertThat(one.surpassed(two.term().orElseThrow().epoch())).isEmpty();
        assertThat(one.term()).isEmpty();
        assertThat(group.leader().map(FakeGroup.Key::watcher)).contains("lb2");
    }

    @Test
    void a_registry_that_does_not_answer_why_it_was_surpassed_ends_belief_until_it_does() {
        one.step();
        Term before = one.term().orElseThrow();
        unreachable = true;
        assertThat(one.surpassed(before.epoch() + 5)).isEmpty();
        assertThat(one.term()).isEmpty();
        unreachable = false;
        settle(one, time);
        assertThat(one.term()).contains(before);
    }
}
