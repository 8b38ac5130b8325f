package dev.muster.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class InOrderTest {

    private static final SortedMap<String, Integer> ONE = new TreeMap<>(Map.of("b", 2, "c", 3, "e", 5));

    @Test
    void eachValueBecomesAnother() {
        SortedMap<String, String> made = InOrder.each(ONE, (key, value) -> key + value);
        assertThat(made).containsExactly(Map.entry("b", "b2"), Map.entry("c", "c3"), Map.entry("e", "e5"));
        assertThat(ONE).containsEntry("b", 2);
    }

    @Test
    void bothAreGoneOverInOrder() {
        assertThat(visits(ONE, new TreeMap<>(Map.of("a", 1, "c", 4, "d", 6))))
                .containsExactly("a null 1", "b 2 null", "c 3 4", "d null 6", "e 5 null");
        assertThat(visits(ONE, new TreeMap<>())).containsExactly("b 2 null", "c 3 null", "e 5 null");
        assertThat(visits(new TreeMap<>(), ONE)).containsExactly("b null 2", "c null 3", "e null 5");
        assertThat(visits(new TreeMap<>(), new TreeMap<>())).isEmpty();
    }

    private static List<String> visits(SortedMap<String, Integer> one, SortedMap<String, Integer> other) {
        List<String> visits = new ArrayList<>();
        InOrder.both(one, other, (key, here, there) -> visits.add(key + " " + here + " " + there));
        return visits;
    }
}
