package dev.muster.watcher;

import dev.muster.model.Goodbye;
import dev.muster.model.InstanceId;
import dev.muster.plan.ProbeResult;
import dev.muster.provider.route53.ZoneBehindNetwork;
import dev.muster.registry.Applied;
import dev.muster.registry.RegistryException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What holds after every batch that was done in a zone (docs/design.md, S1 to S6), by what the registry really says; and in
 * the end, when nothing is in the way any more.
 */
final class NamesInvariants implements ZoneBehindNetwork.Witness {

    private record Size(Instant at, int staying) {}

    private final NamesHistory history;
    private final Map<String, SortedSet<String>> before = new HashMap<>();
    private final Map<String, List<Size>> sizes = new HashMap<>();
    private final Map<String, List<Instant>> departures = new HashMap<>();

    NamesInvariants(NamesHistory history) {
        this.history = history;
    }

    /** One of the service's instances has said goodbye. */
    void departed(String service) {
        departures.computeIfAbsent(service, none -> new ArrayList<>()).add(history.time.now());
    }

    @Override
    public void before() {
        for (String service : NamesHistory.SERVICES) {
            SortedSet<String> there = history.zone.addresses(NamesHistory.name(service));
            before.put(service, there);
            int staying = (int) there.stream()
                    .filter(address -> !hasSaidGoodbye(service, address))
                    .count();
            sizes.computeIfAbsent(service, none -> new ArrayList<>()).add(new Size(history.time.now(), staying));
        }
    }

    @Override
    public void done(ZoneBehindNetwork.Done batch) {
        holds(
                "S4",
                batch.epoch() == 0 || batch.epoch() >= batch.newestBefore(),
                "a batch of epoch",
                batch.epoch(),
                "was done after one of epoch",
                batch.newestBefore());
        holds("S5", history.zone.strangersAreThere(), "what is somebody else's has changed");
        holds("texts", history.zone.pairsAreWhole(NamesHistory.GROUP), "a record is without its text, or a text alone");
        for (String service : NamesHistory.SERVICES) {
            if (!history.zone.isStrangers(NamesHistory.name(service))) {
                removals(service, batch);
            }
        }
    }

    @Override
    public void checked() {
        holds("checks", history.zone.namedChecksAreThere(), "a record names a health check that is gone");
    }

    private void removals(String service, ZoneBehindNetwork.Done batch) {
        SortedSet<String> now = history.zone.addresses(NamesHistory.name(service));
        SortedSet<String> gone = new TreeSet<>(before.getOrDefault(service, new TreeSet<>()));
        holds("S3 keep-last", gone.isEmpty() || !now.isEmpty(), service, "has nothing left");
        if (batch.late()) {
            return; // nobody could write since: it does what was right when it was sent
        }
        gone.removeAll(now);
        int unannounced = 0;
        for (String address : gone) {
            int slot = slot(service, address);
            InstanceId id = NamesHistory.id(service, slot);
            if (history.registrations.containsKey(id)) {
                Duration since = Duration.between(history.registeredSince.get(id), history.time.now());
                holds(
                        "S2",
                        since.compareTo(NamesHistory.TTL.plusSeconds(5)) < 0,
                        id,
                        "is registered since",
                        since,
                        "and goes by",
                        history.passing(),
                        batch);
            } else if (!hasSaidGoodbye(service, address)) {
                unannounced++;
                history.passing().ifPresent(by -> holds("S6", !by.isCut(), id, "goes while", by, "is cut off"));
                holds(
                        "S3 probes",
                        !recorded(service, address)
                                || history.answers.get(NamesHistory.target(service, slot)) != ProbeResult.CHECK_PASSES,
                        id,
                        "goes although its check passes");
            }
        }
        int least = Math.max(1, (largest(service) + 1) / 2);
        holds("S3 half", unannounced == 0 || now.size() >= least, service, now, "of at least", least);
    }

    /** Otherwise it was let go before, and stayed only as the last that there was. */
    private boolean recorded(String service, String address) {
        return records(service).stream()
                .flatMap(record -> record.targets().stream())
                .anyMatch(entry -> entry.target().address().equals(address));
    }

    private List<Applied> records(String service) {
        try {
            return history.progress.records().stream()
                    .filter(record -> record.service().equals(service))
                    .toList();
        } catch (RegistryException e) {
            throw new IllegalStateException(e);
        }
    }

    private boolean hasSaidGoodbye(String service, String address) {
        Goodbye said = history.goodbyes.get(NamesHistory.id(service, slot(service, address)));
        return said != null;
    }

    private static int slot(String service, String address) {
        return IntStream.range(0, NamesHistory.SLOTS)
                .filter(slot -> NamesHistory.target(service, slot).address().equals(address))
                .findFirst()
                .orElse(-1);
    }

    /** Of the last hour, less those that said goodbye since: never more than the guard goes by. */
    private int largest(String service) {
        Instant now = history.time.now();
        int largest = 0;
        for (Size size : sizes.getOrDefault(service, List.of())) {
            if (size.at().isAfter(now.minus(Duration.ofMinutes(59)))) {
                int left = (int) departures.getOrDefault(service, List.of()).stream()
                        .filter(at -> at.isAfter(size.at().minusSeconds(120)))
                        .count();
                largest = Math.max(largest, size.staying() - left);
            }
        }
        return largest;
    }

    /** All is healed: what stands is what is registered, and what is said to be held. */
    void inTheEnd() {
        for (String service : NamesHistory.SERVICES) {
            SortedSet<String> now = history.zone.addresses(NamesHistory.name(service));
            if (history.zone.isStrangers(NamesHistory.name(service))) {
                continue;
            }
            SortedSet<String> expected = new TreeSet<>();
            history.registrations.forEach((id, one) -> {
                if (id.service().equals(service)) {
                    expected.add(one.instance().addresses().publicIpv4());
                }
            });
            records(service)
                    .forEach(record -> record.held()
                            .forEach(hold -> expected.add(hold.target().address())));
            // Where nothing is left, what was there last stays.
            holds("S1, L4", expected.isEmpty() || now.equals(expected), service, "is", now, "instead of", expected);
            checksInTheEnd(service, !expected.isEmpty());
        }
    }

    private void checksInTheEnd(String service, boolean served) {
        holds("checks", history.zone.namedChecksAreThere(), "a record names a health check that is gone");
        holds("checks", history.zone.everyCheckIsNamed(), "one is left that no record names");
        Optional<String> type = history.check(service);
        holds(
                "checks",
                !served || history.zone.isCheckedBy(NamesHistory.name(service), type),
                service,
                "is not checked by",
                type);
    }

    /** All names, as they are. */
    List<SortedSet<String>> names() {
        return NamesHistory.SERVICES.stream()
                .map(service -> history.zone.addresses(NamesHistory.name(service)))
                .toList();
    }

    /** Unless what was held could be let go meanwhile. */
    void nothingWasWrittenSince(int batches, List<SortedSet<String>> names) {
        holds(
                "L6",
                history.zone.batches() == batches || !names().equals(names),
                history.zone.batches() - batches,
                "batches once converged");
    }

    private static void holds(String rule, boolean it, Object... words) {
        if (!it) {
            throw new AssertionError(
                    rule + ":" + Arrays.stream(words).map(word -> " " + word).collect(Collectors.joining()));
        }
    }
}
