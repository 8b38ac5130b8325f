package dev.muster.provider.route53;

import dev.muster.config.AwsConfig;
import dev.muster.provider.aws.AwsCalls;
import dev.muster.provider.aws.AwsClients;
import dev.muster.provider.aws.AwsException;
import dev.muster.reconcile.Backoff;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import software.amazon.awssdk.services.route53.Route53Client;

/**
 * An AWS account as one of those who call there: with credentials, a client and a rate of its own. One that has failed is left
 * alone for a while, so that the others need not wait for it. Used by one thread, but for its counters.
 */
final class Account implements AutoCloseable {

    /** The role of whoever takes none that services may choose. */
    static final String OWN = "";

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

    private final String role;
    private final List<AwsConfig.Role> taken;
    private final Route53Client client;
    private final AwsCalls calls;
    private final Route53Api api;
    private final Insync insync;
    private final LongSupplier nanos;
    private final Backoff backoff;
    private Optional<AwsException> failure = Optional.empty();
    private boolean failedToWrite;
    private long leftAloneUntil;

    /**
     * @param role by which services choose it, or {@link #OWN}
     * @param config as whom it is called
     * @param pace from one look at what was accepted to the next
     * @param nanos a monotonic clock
     * @param took told of each batch how long it took until every name server had it, from another thread
     */
    Account(
            String role,
            AwsConfig config,
            Route53Client client,
            AwsCalls calls,
            Duration pace,
            LongSupplier nanos,
            RandomGenerator random,
            Consumer<Duration> took) {
        this.role = role;
        this.taken = config.roles();
        this.client = client;
        this.calls = calls;
        this.api = new Route53Api(client, calls);
        this.insync = new Insync(api, pace, nanos, took);
        this.nanos = nanos;
        this.backoff = new Backoff(FIRST_PAUSE, LONGEST_PAUSE, random);
    }

    String role() {
        return role;
    }

    Route53Api api() {
        return api;
    }

    AwsCalls calls() {
        return calls;
    }

    Insync insync() {
        return insync;
    }

    /** Takes its roles, where it has any and they are not taken: by one try, which nothing else should have to wait for. */
    void identify() throws AwsException {
        if (!taken.isEmpty()) {
            AwsClients.identify(client, "AssumeRole of " + taken.getLast().arn());
        }
    }

    /** Why it was of no use when it was tried last. */
    Optional<AwsException> failure() {
        return failure;
    }

    boolean isLeftAlone() {
        return failure.isPresent() && nanos.getAsLong() - leftAloneUntil < 0;
    }

    /** @param writing whether it could be read all the same: then only a write shows that it is of use again */
    void failed(AwsException e, boolean writing) {
        failure = Optional.of(e);
        failedToWrite |= writing;
        leftAloneUntil = nanos.getAsLong() + backoff.next().toNanos();
    }

    void wasRead() {
        failure = Optional.empty();
        if (!failedToWrite) {
            backoff.succeeded();
        }
    }

    void wasWritten() {
        failedToWrite = false;
        backoff.succeeded();
    }

    @Override
    public void close() {
        insync.close();
        api.close();
    }
}
