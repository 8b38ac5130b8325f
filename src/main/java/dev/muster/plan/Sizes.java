package dev.muster.plan;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How large a binding has been over the last hour: for each point, the largest size from that instant to now. So the
 * sizes fall from point to point, the last one is the present size, and a fleet that is replaced all day has one point
 * and not a thousand.
 */
public record Sizes(SortedMap<Instant, Integer> points) {

    public static final Duration SPAN = Duration.ofHours(1);
    public static final Sizes NONE = new Sizes(Collections.emptySortedMap());

    public Sizes {
        TreeMap<Instant, Integer> falling = new TreeMap<>();
        int largest = -1;
        for (Map.Entry<Instant, Integer> point :
                new TreeMap<>(points).descendingMap().entrySet()) {
            int size = point.getValue();
            if (size < 0) {
                throw new IllegalArgumentException("size '%d': allowed is 0 or more".formatted(size));
            }
            if (size <= largest) {
                falling.pollFirstEntry(); // the size that follows was the largest from this earlier instant on
            }
            largest = Math.max(largest, size);
            falling.put(point.getKey(), largest);
        }
        points = Collections.unmodifiableSortedMap(falling);
    }

    /** The largest size that held at any time of the hour before {@code now}, 0 where nothing is known. */
    public int largest(Instant now) {
        TreeMap<Instant, Integer> all = new TreeMap<>(points);
        Map.Entry<Instant, Integer> atBegin = all.floorEntry(now.minus(SPAN));
        Map.Entry<Instant, Integer> first = atBegin == null ? all.firstEntry() : atBegin;
        return first == null ? 0 : first.getValue();
    }

    /** The same when that is the size already; otherwise with this size from {@code now} on and without what is past. */
    public Sizes with(Instant now, int size) {
        TreeMap<Instant, Integer> next = new TreeMap<>(points);
        if (!next.isEmpty() && next.lastEntry().getValue() == size) {
            return this;
        }
        Instant at = now.truncatedTo(ChronoUnit.MILLIS);
        if (!next.isEmpty() && !at.isAfter(next.lastKey())) {
            at = next.lastKey().plusMillis(1); // a clock that was set back must not make an older size disappear
        }
        next.put(at, size);
        Instant begin = next.floorKey(now.minus(SPAN));
        return new Sizes(begin == null ? next : next.tailMap(begin));
    }

    /** As if {@code departures} targets had never been there: departures that were meant. */
    public Sizes lowered(int departures) {
        if (departures == 0 || points.isEmpty()) {
            return this;
        }
        TreeMap<Instant, Integer> next = new TreeMap<>(points);
        next.replaceAll((at, size) -> Math.max(0, size - departures));
        return new Sizes(next);
    }
}
