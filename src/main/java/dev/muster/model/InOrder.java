package dev.muster.model;

import java.util.Iterator;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Sorted maps that have most keys in common are gone over side by side: looking each key up is what they would cost. */
public final class InOrder {

    private InOrder() {}

    /** What is at a key in two maps; null where a map has none. */
    @FunctionalInterface
    public interface Visit<K, V, W> {
        void at(K key, @Nullable V one, @Nullable W other);
    }

    /** Goes over the keys of both, in their natural order. */
    public static <K extends Comparable<? super K>, V, W> void both(
            SortedMap<K, V> one, SortedMap<K, W> other, Visit<K, V, W> visit) {
        Iterator<Map.Entry<K, V>> ones = one.entrySet().iterator();
        Iterator<Map.Entry<K, W>> others = other.entrySet().iterator();
        Map.Entry<K, V> here = next(ones);
        Map.Entry<K, W> there = next(others);
        while (here != null || there != null) {
            int order = there == null ? -1 : here == null ? 1 : here.getKey().compareTo(there.getKey());
            if (here != null && order < 0) {
                visit.at(here.getKey(), here.getValue(), null);
                here = next(ones);
            } else if (there != null && order > 0) {
                visit.at(there.getKey(), null, there.getValue());
                there = next(others);
            } else if (here != null && there != null) {
                visit.at(here.getKey(), here.getValue(), there.getValue());
                here = next(ones);
                there = next(others);
            }
        }
    }

    private static <E> @Nullable E next(Iterator<E> rest) {
        return rest.hasNext() ? rest.next() : null;
    }

    /** A map of its own, with what becomes of each value; no key is compared. */
    public static <K, V, W> SortedMap<K, W> each(SortedMap<K, V> from, BiFunction<K, V, W> becomes) {
        SortedMap<K, Object> made = new TreeMap<>((SortedMap<K, ? extends Object>) from);
        made.replaceAll((key, value) -> {
            @SuppressWarnings("unchecked") // each is replaced once
            V was = (V) value;
            return becomes.apply(key, was);
        });
        @SuppressWarnings("unchecked") // all are replaced
        SortedMap<K, W> all = (SortedMap<K, W>) (SortedMap<K, ?>) made;
        return all;
    }
}
