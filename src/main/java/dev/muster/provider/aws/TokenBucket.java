package dev.muster.provider.aws;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How often one API of one account may be called: so many calls at once, and so many a second after that. Thread-safe; who
 * waits is served in no fixed order, and never sooner than the rate allows.
 */
public final class TokenBucket {

    private final double most;
    private final double perNano;
    private final LongSupplier nanos;
    private double tokens;
    private long filledAt;

    /** @param nanos a monotonic clock */
    public TokenBucket(int most, double perSecond, LongSupplier nanos) {
        if (most < 1 || perSecond <= 0) {
            throw new IllegalArgumentException(
                    "most '%d', perSecond '%s': allowed are 1 or more and more than 0".formatted(most, perSecond));
        }
        this.most = most;
        this.perNano = perSecond / 1e9;
        this.nanos = nanos;
        this.tokens = most;
        this.filledAt = nanos.getAsLong();
    }

    /** Takes one, which may not be there yet. @return how long to wait before it may be used */
    public synchronized Duration take() {
        long now = nanos.getAsLong();
        tokens = Math.min(most, tokens + (now - filledAt) * perNano);
        filledAt = now;
        tokens -= 1;
        return tokens >= 0 ? Duration.ZERO : Duration.ofNanos((long) Math.ceil(-tokens / perNano));
    }
}
