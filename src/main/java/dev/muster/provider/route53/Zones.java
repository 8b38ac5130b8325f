package dev.muster.provider.route53;

import dev.muster.provider.aws.AwsException;
import dev.muster.provider.aws.AwsException.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;

/**
 * What is known of the zones. They are read whole, which takes a call for every 300 record sets, and then followed by what
 * is written; a write that others have made senseless fails, so nothing has to be read again before it. A zone that several
 * accounts' roles reach is one zone, read and written by the first of them.
 */
final class Zones {

    private final List<Account> accounts;
    private final Set<String> only;
    private final Duration reread;
    private final LongSupplier nanos;
    private final Runnable worked;
    private OptionalLong readAt = OptionalLong.empty();
    private volatile Reading known = Reading.NOTHING;
    private int readings;

    /**
     * @param accounts in the order in which they have a zone that several of them reach
     * @param only names or ids of those that count; empty for all
     * @param worked told of each call that was made
     */
    Zones(List<Account> accounts, Set<String> only, Duration reread, LongSupplier nanos, Runnable worked) {
        this.accounts = List.copyOf(accounts);
        this.only = only;
        this.reread = reread;
        this.nanos = nanos;
        this.worked = worked;
    }

    /**
     * The same object while nothing is known to have changed.
     *
     * @throws AwsException where no account can be read
     */
    Reading reading() throws AwsException {
        boolean whole = readAt.isEmpty() || nanos.getAsLong() - readAt.getAsLong() >= reread.toNanos();
        List<Account> due = accounts.stream()
                .filter(account -> whole || account.failure().isPresent())
                .filter(account -> accounts.size() == 1 || !account.isLeftAlone())
                .toList();
        if (!due.isEmpty()) {
            Reading now = read(due, whole ? Reading.NOTHING : known);
            if (now.zones().isEmpty()) {
                throw none();
            }
            readings++;
            readAt = whole ? OptionalLong.of(nanos.getAsLong()) : readAt;
            known = now.equals(known) ? known : now;
        }
        if (known.zones().isEmpty()) {
            throw none();
        }
        return known;
    }

    private AwsException none() {
        return accounts.stream()
                .flatMap(account -> account.failure().stream())
                .findFirst()
                .orElseThrow();
    }

    /** These, beside what is known of the others. */
    private Reading read(List<Account> due, Reading others) {
        Set<Account> identified = identified(due);
        SortedMap<String, ZoneView> views = new TreeMap<>(others.views());
        SortedMap<String, List<Zone>> zones = new TreeMap<>(others.zones());
        SortedMap<String, String> unread = new TreeMap<>();
        for (Account account : accounts) {
            if (identified.contains(account)) {
                read(account, views, zones);
            }
            account.failure().ifPresent(e -> unread.put(account.role(), String.valueOf(e.getMessage())));
        }
        return new Reading(views, zones, unread);
    }

    /** Those who know as whom they call, found at the same time: for one that hangs the others wait as long as for ten. */
    private static Set<Account> identified(List<Account> due) {
        Map<Account, CompletableFuture<Optional<AwsException>>> answers = new HashMap<>();
        due.forEach(account -> answers.put(
                account, CompletableFuture.supplyAsync(() -> unidentified(account), Thread::startVirtualThread)));
        Set<Account> identified = new HashSet<>(due);
        answers.forEach((account, answer) -> answer.join().ifPresent(e -> {
            account.failed(e, false);
            identified.remove(account);
        }));
        return identified;
    }

    private static Optional<AwsException> unidentified(Account account) {
        try {
            account.identify();
            return Optional.empty();
        } catch (AwsException e) {
            return Optional.of(e);
        }
    }

    /** Whole or not at all. */
    private void read(Account account, SortedMap<String, ZoneView> views, SortedMap<String, List<Zone>> zones) {
        SortedMap<String, ZoneView> found = new TreeMap<>();
        List<Zone> reached = new ArrayList<>();
        try {
            for (Zone zone : account.api().zones()) {
                if (counts(zone, only) && (views.containsKey(zone.id()) || read(account, zone, found))) {
                    reached.add(zone);
                }
            }
        } catch (AwsException e) {
            account.failed(e, false);
            return;
        }
        account.wasRead();
        views.putAll(found);
        zones.put(account.role(), List.copyOf(reached));
    }

    /**
     * @param only ids and names, as a person gives them; empty for every zone
     */
    static boolean counts(Zone zone, Set<String> only) {
        return only.isEmpty()
                || only.contains(zone.id())
                || only.stream().anyMatch(name -> DnsName.parse(name).equals(zone.name()));
    }

    private boolean read(Account account, Zone zone, SortedMap<String, ZoneView> found) throws AwsException {
        try {
            found.put(zone.id(), account.api().view(zone, worked));
            return true;
        } catch (AwsException e) {
            if (e.kind() != Kind.GONE) {
                throw e;
            }
            return false;
        }
    }

    /** What is known may be wrong: the next look reads. */
    void doubt() {
        readAt = OptionalLong.empty();
    }

    /** How often they were read so far. */
    int readings() {
        return readings;
    }

    /** As they were read last, and written since. From any thread. */
    Reading known() {
        return known;
    }

    /** Who writes there: the first that reaches it. */
    Account account(Zone zone) {
        return reaching(zone.id()).orElseThrow();
    }

    private Optional<Account> reaching(String zone) {
        return accounts.stream()
                .filter(account -> known.zones().getOrDefault(account.role(), List.of()).stream()
                        .anyMatch(one -> one.id().equals(zone)))
                .findFirst();
    }

    /** This was done. */
    void done(Zone zone, Collection<RecordChange> changes) {
        worked.run();
        account(zone).wasWritten();
        known = known.after(zone, changes);
    }

    /**
     * An account is of no use for writing. The others go on.
     *
     * @throws AwsException where there is no other
     */
    void failed(Account account, AwsException e) throws AwsException {
        if (accounts.size() == 1) {
            throw e;
        }
        account.failed(e, true);
        known = known.without(account.role(), String.valueOf(e.getMessage()));
        if (known.zones().isEmpty()) {
            throw e;
        }
    }
}
