package dev.muster.model;

import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiFunction;

/** Sorted maps that have the keys of others: they are built without comparing any key, which is what sorting them costs. */
public final class InOrder {

    private InOrder() {}

    /** A map of its own, with what becomes of each value. */
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
