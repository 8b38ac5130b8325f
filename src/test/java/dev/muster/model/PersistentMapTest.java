package dev.muster.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PersistentMapTest {

    @Test
    void itIsWhatATreeMapIsAndOlderOnesStayWhatTheyWere() {
        Random random = new Random(7);
        PersistentMap<String, Integer> map = PersistentMap.empty();
        TreeMap<String, Integer> expected = new TreeMap<>();
        IdentityHashMap<PersistentMap<String, Integer>, TreeMap<String, Integer>> older = new IdentityHashMap<>();
        for (int i = 0; i < 3000; i++) {
            String key = "k" + random.nextInt(60);
            if (random.nextInt(3) == 0) {
                map = map.without(key);
                expected.remove(key);
            } else {
                map = map.with(key, i);
                expected.put(key, i);
            }
            older.put(map, new TreeMap<>(expected));
            String from = "k" + random.nextInt(60);
            String to = from + random.nextInt(10);
            same(map, expected);
            same(map.tailMap(from), expected.tailMap(from));
            same(map.headMap(to), expected.headMap(to));
            same(map.subMap(from, to), expected.subMap(from, to));
            same(map.tailMap(from).headMap(to), expected.tailMap(from).headMap(to));
            assertThat(map.get(key)).isEqualTo(expected.get(key));
        }
        older.forEach(PersistentMapTest::same);
        assertThat(older).hasSizeGreaterThan(1000);
    }

    private static void same(SortedMap<String, Integer> map, SortedMap<String, Integer> expected) {
        assertThat(new ArrayList<>(map.entrySet())).isEqualTo(new ArrayList<>(expected.entrySet()));
        assertThat(map.size()).isEqualTo(expected.size());
        assertThat(map.isEmpty()).isEqualTo(expected.isEmpty());
        if (!expected.isEmpty()) {
            assertThat(map.firstKey()).isEqualTo(expected.firstKey());
            assertThat(map.lastKey()).isEqualTo(expected.lastKey());
        }
    }

    @Test
    void whatDiffersIsFoundWhateverHasHappenedInBetween() {
        Random random = new Random(8);
        PersistentMap<String, Integer> map = PersistentMap.empty();
        for (int i = 0; i < 2000; i++) {
            PersistentMap<String, Integer> before = map;
            for (int changes = random.nextInt(6); changes > 0; changes--) {
                String key = "k" + random.nextInt(80);
                map = random.nextInt(3) == 0 ? map.without(key) : map.with(key, random.nextInt(5));
            }
            PersistentMap<String, Integer> unrelated = PersistentMap.of(new TreeMap<>(map));
            SortedSet<String> expected = PersistentMap.differing(new TreeMap<>(before), new TreeMap<>(map));
            assertThat(PersistentMap.differing(before, map)).isEqualTo(expected);
            assertThat(PersistentMap.differing(unrelated, before)).isEqualTo(expected);
            assertThat(PersistentMap.differing(map.tailMap("k3"), before.tailMap("k3")))
                    .isEqualTo(expected.tailSet("k3"));
        }
    }

    @Test
    void keysOfOneHashAreFoundToo() {
        PersistentMap<String, Integer> map = PersistentMap.<String, Integer>empty()
                .with("AaAa", 1)
                .with("BBBB", 2)
                .with("AaBB", 3);
        PersistentMap<String, Integer> other = PersistentMap.<String, Integer>empty()
                .with("AaBB", 3)
                .with("BBAa", 4)
                .with("AaAa", 1);
        assertThat(PersistentMap.differing(map, other)).containsExactly("BBAa", "BBBB");
        assertThat(PersistentMap.differing(other, map)).containsExactly("BBAa", "BBBB");
    }

    @Test
    void whatDiffersIsFoundWithoutALookAtTheRest() {
        PersistentMap<String, Costly> map = PersistentMap.empty();
        for (int i = 0; i < 1000; i++) {
            map = map.with("k" + i, new Costly(i));
        }
        PersistentMap<String, Costly> other = map.with("k7", new Costly(-1));
        Costly.compared = 0;
        assertThat(PersistentMap.differing(map, other)).containsExactly("k7");
        assertThat(Costly.compared).isLessThan(100);
    }

    /** Counts how often any of it is compared. */
    private record Costly(int number) {
        static int compared;

        @Override
        public boolean equals(Object other) {
            compared++;
            return other instanceof Costly costly && costly.number == number;
        }

        @Override
        public int hashCode() {
            return number;
        }
    }

    @Test
    void whatChangesNothingGivesTheSameMap() {
        PersistentMap<String, Integer> map =
                PersistentMap.<String, Integer>empty().with("a", 1);
        assertThat(map.with("a", 1)).isSameAs(map);
        assertThat(map.without("b")).isSameAs(map);
        assertThat(map.with("a", 2).isSameAs(map)).isFalse();
    }

    @Test
    void anEmptyPartHasNoKeysAndAPartCannotBeChanged() {
        PersistentMap<String, Integer> map =
                PersistentMap.<String, Integer>empty().with("a", 1);
        assertThatThrownBy(() -> map.tailMap("b").firstKey()).isInstanceOf(NoSuchElementException.class);
        assertThatThrownBy(() -> map.tailMap("b").lastKey()).isInstanceOf(NoSuchElementException.class);
        assertThatThrownBy(() -> ((PersistentMap<String, Integer>) map.tailMap("a")).without("a"))
                .isInstanceOf(UnsupportedOperationException.class);
    }
}
