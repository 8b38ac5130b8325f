package dev.muster.provider;

import dev.muster.plan.ServiceTargets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Finds the services for which something refuses the whole that they are part of. Each of them stays as it was accepted last,
 * or out where it never was, and the rest is taken. Whoever refuses may say which they are; else they are found by halving.
 */
public final class Isolation {

    /** Asks whether these services are taken together; it changes nothing. */
    public interface Trial {
        Optional<Objection> of(SortedMap<String, ServiceTargets> services) throws ProviderException;
    }

    /**
     * Why they are not.
     *
     * @param named by service: those of the words that are about it, as far as they say so
     */
    public record Objection(String words, SortedMap<String, String> named) {}

    /**
     * @param accepted what is taken together
     * @param refused by service, why it is not as it was to be
     */
    public record Found(SortedMap<String, ServiceTargets> accepted, SortedMap<String, String> refused) {}

    /** Each may take a program's whole start: what is not found by then is refused without being tried alone. */
    private static final int MOST_TRIALS = 100;

    private final SortedMap<String, ServiceTargets> wanted;
    private final SortedMap<String, ServiceTargets> last;
    private final Trial trial;
    private final SortedSet<String> doubtful = new TreeSet<>();
    private final SortedMap<String, String> refused = new TreeMap<>();
    private SortedMap<String, ServiceTargets> accepted;
    private int trials;

    private Isolation(SortedMap<String, ServiceTargets> wanted, SortedMap<String, ServiceTargets> last, Trial trial) {
        this.wanted = wanted;
        this.last = last;
        this.trial = trial;
        this.accepted = last;
        doubtful.addAll(wanted.keySet());
        doubtful.addAll(last.keySet());
        doubtful.removeIf(service -> Objects.equals(wanted.get(service), last.get(service)));
    }

    /**
     * @param last what was taken before, as it is to stay where it must
     * @return empty where no service is at fault
     * @throws ProviderException when it cannot be tried
     */
    public static Optional<Found> find(
            SortedMap<String, ServiceTargets> wanted, SortedMap<String, ServiceTargets> last, Trial trial)
            throws ProviderException {
        return new Isolation(wanted, last, trial).find();
    }

    private Optional<Found> find() throws ProviderException {
        Optional<Objection> first = doubtful.isEmpty() ? Optional.empty() : trial.of(wanted);
        if (first.isEmpty()) {
            return Optional.empty();
        }
        Optional<Found> named = byWords(first.get());
        return named.isPresent() ? named : byHalving(first.get());
    }

    private Optional<Found> byWords(Objection first) throws ProviderException {
        SortedMap<String, String> accused = new TreeMap<>();
        SortedMap<String, ServiceTargets> rest = wanted;
        Optional<Objection> next = Optional.of(first);
        while (next.isPresent()) {
            SortedMap<String, String> more = new TreeMap<>(next.get().named());
            more.keySet().retainAll(doubtful);
            more.keySet().removeAll(accused.keySet());
            if (more.isEmpty()) {
                return Optional.empty();
            }
            accused.putAll(more);
            rest = mixed(rest, last, more.keySet());
            next = trial.of(rest);
        }
        return Optional.of(new Found(rest, accused));
    }

    private Optional<Found> byHalving(Objection first) throws ProviderException {
        accepted = mixed(wanted, last, doubtful);
        if (trial.of(accepted).isPresent()) {
            return Optional.empty();
        }
        split(new ArrayList<>(doubtful), first);
        return Optional.of(new Found(accepted, refused));
    }

    private void admit(List<String> services, Objection before) throws ProviderException {
        SortedMap<String, ServiceTargets> more = mixed(accepted, wanted, services);
        trials++;
        Optional<Objection> objection = trials <= MOST_TRIALS ? trial.of(more) : Optional.of(before);
        if (objection.isEmpty()) {
            accepted = more;
        } else {
            split(services, objection.get());
        }
    }

    /** They are not taken together. */
    private void split(List<String> services, Objection objection) throws ProviderException {
        if (services.size() == 1 || trials > MOST_TRIALS) {
            services.forEach(service -> refused.put(service, objection.words()));
            return;
        }
        int half = services.size() / 2;
        admit(services.subList(0, half), objection);
        admit(services.subList(half, services.size()), objection);
    }

    /** The first, with some services as the second has them. */
    private static SortedMap<String, ServiceTargets> mixed(
            SortedMap<String, ServiceTargets> first,
            SortedMap<String, ServiceTargets> second,
            Collection<String> services) {
        SortedMap<String, ServiceTargets> mixed = new TreeMap<>(first);
        for (String service : services) {
            ServiceTargets other = second.get(service);
            if (other == null) {
                mixed.remove(service);
            } else {
                mixed.put(service, other);
            }
        }
        return mixed;
    }
}
