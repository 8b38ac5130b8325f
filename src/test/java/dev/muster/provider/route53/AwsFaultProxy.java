package dev.muster.provider.route53;

import dev.muster.provider.route53.FakeRoute53.Fate;
import java.io.IOException;
import java.net.URI;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Meets every fourth call that changes something, and every fourth that does not, with the next fault in turn.
 */
final class AwsFaultProxy extends AwsProxy {

    private static final List<Fate> OF_WRITES = List.of(
            Fate.UNANSWERED,
            Fate.THROTTLED,
            Fate.FAILED_AFTER,
            Fate.PRIOR_REQUEST_NOT_COMPLETE,
            Fate.FAILED,
            Fate.UNAVAILABLE);
    private static final List<Fate> OF_READS = List.of(Fate.THROTTLED, Fate.FAILED, Fate.UNAVAILABLE, Fate.UNANSWERED);
    private static final int ONE_IN = 4;

    private final Set<Fate> met = EnumSet.noneOf(Fate.class);
    private int reads;
    private int writes;

    AwsFaultProxy(URI behind) {
        super(behind);
    }

    /** Every fault that a call was met with so far. */
    synchronized Set<Fate> met() {
        return EnumSet.copyOf(met);
    }

    private synchronized Optional<Fate> next(boolean write) {
        int number = write ? writes++ : reads++;
        List<Fate> fates = write ? OF_WRITES : OF_READS;
        Optional<Fate> next =
                number % ONE_IN == 0 ? Optional.of(fates.get(number / ONE_IN % fates.size())) : Optional.empty();
        next.ifPresent(met::add);
        return next;
    }

    @Override
    Optional<Answer> answer(Call call) throws IOException, InterruptedException {
        Optional<Fate> fate = next(call.writes());
        if (fate.isEmpty()) {
            return Optional.of(call.pass());
        }
        return switch (fate.get()) {
            case UNANSWERED -> {
                call.pass();
                yield Optional.empty();
            }
            case FAILED_AFTER -> {
                call.pass();
                yield Optional.of(Answer.error(500, "InternalFailure", "try again"));
            }
            case FAILED -> Optional.of(Answer.error(500, "InternalFailure", "try again"));
            case UNAVAILABLE -> Optional.of(Answer.error(503, "ServiceUnavailable", "try again"));
            case THROTTLED -> Optional.of(Answer.error(400, "Throttling", "Rate exceeded"));
            case PRIOR_REQUEST_NOT_COMPLETE ->
                Optional.of(Answer.error(400, "PriorRequestNotComplete", "still at a prior request"));
            default -> throw new IllegalStateException(fate.get().toString());
        };
    }
}
