package dev.muster.provider;

import java.time.Duration;
import java.util.OptionalLong;

/** A leadership that is as a test says. */
public class FakeLeadership implements Leadership {

    private final String group;
    private OptionalLong epoch;
    private Duration left = Duration.ofSeconds(8);
    private boolean deposed;
    private long seen;

    public FakeLeadership(String group, long epoch) {
        this.group = group;
        this.epoch = OptionalLong.of(epoch);
    }

    @Override
    public String group() {
        return group;
    }

    @Override
    public OptionalLong epoch() {
        return epoch;
    }

    @Override
    public Duration left() {
        return epoch.isPresent() ? left : Duration.ZERO;
    }

    @Override
    public OptionalLong surpassed(long higher) {
        seen = higher;
        epoch = deposed ? OptionalLong.empty() : OptionalLong.of(higher + 1);
        return epoch;
    }

    /** Somebody else has the leader's key by now; this watcher has not heard of it. */
    public void deposed() {
        deposed = true;
    }

    /** So long it still leads. */
    public void left(Duration time) {
        left = time;
    }

    /** It does not lead any more, and knows. */
    public void resign() {
        epoch = OptionalLong.empty();
    }

    /** The last epoch that surpassed its own, or 0. */
    public long seen() {
        return seen;
    }
}
