package dev.muster.provider.aws;

import dev.muster.provider.aws.AwsException.Kind;
import dev.muster.reconcile.Backoff;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import software.amazon.awssdk.core.exception.SdkException;

/** The only way to call one API: at its rate, and again where that does no harm. Thread-safe. */
public final class AwsCalls {

    private static final Duration FIRST = Duration.ofMillis(200);
    private static final Duration MOST = Duration.ofSeconds(5);

    /** How often it is tried: with these pauses about ten seconds in all, less than a minute's look at a leader. */
    private static final int TRIES = 7;

    /** The wait between two tries. */
    public interface Pause {
        void of(Duration duration) throws InterruptedException;
    }

    private final TokenBucket bucket;
    private final RandomGenerator random;
    private final Pause pause;
    private final LongAdder made = new LongAdder();
    private final LongAdder throttled = new LongAdder();

    public AwsCalls(TokenBucket bucket, RandomGenerator random, Pause pause) {
        this.bucket = bucket;
        this.random = random;
        this.pause = pause;
    }

    /** For a call that changes nothing: one that was lost is made again too. */
    public <T> T read(String what, Supplier<T> call) throws AwsException {
        return call(what, () -> true, call, true);
    }

    /**
     * For a call that changes something: one that was lost may have done so, and only a look tells.
     *
     * @param mayBegin asked before each try: whether it may still be made
     */
    public <T> T write(String what, BooleanSupplier mayBegin, Supplier<T> call) throws AwsException {
        return call(what, mayBegin, call, false);
    }

    /** Calls that were made, tries included. */
    public long made() {
        return made.sum();
    }

    /** Of these, the ones that came too soon for AWS. */
    public long throttled() {
        return throttled.sum();
    }

    private <T> T call(String what, BooleanSupplier mayBegin, Supplier<T> call, boolean harmless) throws AwsException {
        Backoff backoff = new Backoff(FIRST, MOST, random);
        while (true) {
            await(what, bucket.take());
            if (!mayBegin.getAsBoolean()) {
                throw new AwsException(Kind.RETRY, what + ": not begun, since by its answer somebody else may lead");
            }
            made.increment();
            try {
                return call.get();
            } catch (SdkException e) {
                AwsException sorted = AwsErrors.of(what, e);
                throttled.add(sorted.kind() == Kind.THROTTLED ? 1 : 0);
                boolean again = switch (sorted.kind()) {
                    case RETRY, THROTTLED -> true;
                    case LOST -> harmless && backoff.failures() == 0; // who does not answer takes long to do so
                    case REFUSED, GONE, DENIED -> false;
                };
                if (!again || backoff.failures() + 1 >= TRIES) {
                    throw sorted;
                }
                await(what, backoff.next());
            }
        }
    }

    private void await(String what, Duration wait) throws AwsException {
        if (wait.isZero()) {
            return;
        }
        try {
            pause.of(wait);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AwsException(Kind.RETRY, what + ": interrupted before it was made", e);
        }
    }
}
