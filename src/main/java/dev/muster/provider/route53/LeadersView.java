package dev.muster.provider.route53;

import dev.muster.plan.ServiceTargets;
import dev.muster.provider.Leadership;
import dev.muster.provider.ProviderException;
import dev.muster.provider.aws.AwsException;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The zones and health checks as this watcher sees them, and whether it leads and may write. */
final class LeadersView {

    private final Leadership leadership;
    private final Zones zones;
    private final AllHealthChecks healthChecks;
    private final Duration timeout;
    private OptionalLong readIn = OptionalLong.empty();

    /** @param timeout of one call */
    LeadersView(Leadership leadership, Zones zones, AllHealthChecks healthChecks, Duration timeout) {
        this.leadership = leadership;
        this.zones = zones;
        this.healthChecks = healthChecks;
        this.timeout = timeout;
    }

    String group() {
        return leadership.group();
    }

    /** In which it leads, if it does. */
    OptionalLong epoch() {
        return leadership.epoch();
    }

    /** The zones in which a leader has written, and the last one that did was an earlier one. */
    List<Zone> unfenced(OptionalLong epoch) {
        return zones.known().all().stream()
                .filter(view -> fence(view).epoch(view).orElse(Long.MAX_VALUE) < epoch.orElse(0))
                .map(ZoneView::zone)
                .toList();
    }

    Fence fence(ZoneView view) {
        return new Fence(view.zone(), leadership.group());
    }

    /** Another leader may be elected once this one's time is up, and whatever arrives after that comes too late. */
    boolean mayBegin(long epoch) {
        return leadership.epoch().equals(OptionalLong.of(epoch))
                && leadership.left().compareTo(timeout) > 0;
    }

    /** @param decidedIn the epoch in which it was decided what is to be written */
    long leads(Reading reading, OptionalLong decidedIn) throws ProviderException {
        OptionalLong epoch = overtaken(reading);
        if (epoch.isEmpty()) {
            throw new ProviderException(
                    "nothing is written: this watcher does not lead the group " + leadership.group());
        }
        if (!decidedIn.equals(epoch)) {
            throw new ProviderException(
                    "nothing is written: another watcher has written since this was decided, and that is looked at first");
        }
        return epoch.getAsLong();
    }

    /** Looks whether a later leader has written. @return the epoch in which this watcher leads, if it does */
    OptionalLong overtaken(Reading reading) {
        OptionalLong ours = leadership.epoch();
        long seen = Found.epoch(reading.all(), leadership.group());
        return ours.isPresent() && seen > ours.getAsLong() ? leadership.surpassed(seen) : ours;
    }

    /**
     * In each term anew: what is known from an earlier one is from before somebody else led.
     *
     * @param asked by service, as it was last asked for; null where nobody has asked yet
     */
    Reading reading(@Nullable SortedMap<String, ServiceTargets> asked) throws ProviderException {
        OptionalLong epoch = leadership.epoch();
        if (epoch.isPresent() && !epoch.equals(readIn)) {
            zones.doubt();
            readIn = epoch;
        }
        try {
            Reading reading = zones.reading();
            healthChecks.read(askingForChecks(reading, asked), epoch);
            healthChecks.observe(reading.all());
            return reading;
        } catch (AwsException e) {
            throw failure(e);
        }
    }

    /** By role, the accounts in whose zones a service asks for health checks that are to be made. */
    private static Set<String> askingForChecks(Reading reading, @Nullable SortedMap<String, ServiceTargets> asked) {
        return asked == null
                ? Set.of()
                : asked.values().stream()
                        .filter(Claims::asksForOwnCheck)
                        .flatMap(service -> reading.writers(service.about().settings()).stream())
                        .collect(Collectors.toSet());
    }

    static ProviderException failure(AwsException e) {
        return new ProviderException(String.valueOf(e.getMessage()), e);
    }
}
