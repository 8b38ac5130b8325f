package dev.muster.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SizesTest {

    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    private static Instant at(int minutes) {
        return NOON.plus(Duration.ofMinutes(minutes));
    }

    private static Sizes of(Map<Instant, Integer> points) {
        return new Sizes(new TreeMap<>(points));
    }

    @Test
    void the_largest_of_the_hour_counts_until_the_hour_is_over() {
        Sizes sizes = Sizes.NONE.with(at(0), 10).with(at(5), 4);
        assertThat(sizes.largest(at(5))).isEqualTo(10);
        assertThat(sizes.largest(at(64))).isEqualTo(10);
        assertThat(sizes.largest(at(65))).isEqualTo(4);
        assertThat(sizes.largest(at(900))).isEqualTo(4);
    }

    @Test
    void nothing_known_is_a_largest_of_none() {
        assertThat(Sizes.NONE.largest(NOON)).isZero();
    }

    @Test
    void the_same_size_is_the_same_object_however_late() {
        Sizes sizes = Sizes.NONE.with(at(0), 10).with(at(5), 4);
        assertThat(sizes.with(at(500), 4)).isSameAs(sizes);
        assertThat(sizes.lowered(0)).isSameAs(sizes);
        assertThat(sizes.with(at(500), 3)).isEqualTo(of(Map.of(at(5), 4, at(500), 3)));
    }

    @Test
    void a_rolling_replacement_leaves_one_point() {
        Sizes sizes = Sizes.NONE.with(at(0), 10);
        for (int i = 1; i <= 50; i++) {
            sizes = sizes.with(at(i), 11).lowered(1).with(at(i), 10);
        }
        assertThat(sizes.points()).hasSize(1);
        assertThat(sizes.largest(at(51))).isEqualTo(10);
    }

    @Test
    void meant_departures_lower_every_size_and_never_below_none() {
        Sizes sizes = Sizes.NONE.with(at(0), 5).with(at(1), 3).with(at(2), 1).lowered(2);
        assertThat(sizes).isEqualTo(of(Map.of(at(0), 3, at(1), 1, at(2), 0)));
        assertThat(sizes.lowered(9).largest(at(3))).isZero();
    }

    @Test
    void a_clock_that_was_set_back_hides_no_larger_size() {
        Sizes sizes = Sizes.NONE.with(at(0), 10).with(at(-30), 2);
        assertThat(sizes.largest(at(-30))).isEqualTo(10);
        assertThat(sizes.largest(at(59))).isEqualTo(10);
        assertThat(sizes.largest(at(61))).isEqualTo(2);
    }

    @Test
    void a_size_that_was_passed_again_keeps_no_larger_one_alive() {
        Sizes sizes = Sizes.NONE.with(at(0), 3).with(at(10), 1).with(at(30), 2);
        assertThat(sizes).isEqualTo(of(Map.of(at(0), 3, at(10), 2)));
        assertThat(sizes.largest(at(69))).isEqualTo(3);
        assertThat(sizes.largest(at(70))).isEqualTo(2);
        assertThat(sizes.with(at(40), 5).points()).containsExactly(Map.entry(at(0), 5));
    }

    @Test
    void refuses_a_size_below_none() {
        assertThatThrownBy(() -> of(Map.of(NOON, -1))).hasMessageContaining("size '-1'");
    }
}
