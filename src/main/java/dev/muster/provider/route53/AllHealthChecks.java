package dev.muster.provider.route53;

import dev.muster.provider.aws.AwsException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/** The health checks of every account: each has those which its own zones' records name. */
final class AllHealthChecks {

    private final Map<Account, HealthChecks> byAccount = new LinkedHashMap<>();
    private final Zones zones;
    private AllChecks known = AllChecks.NONE;

    /** @param worked told of each call that was made */
    AllHealthChecks(
            List<Account> accounts,
            Zones zones,
            String group,
            LongSupplier nanos,
            RandomGenerator random,
            Runnable worked) {
        this.zones = zones;
        accounts.forEach(account -> byAccount.put(
                account, new HealthChecks(account.api(), group, account.insync(), nanos, random, worked)));
    }

    /** The same object while nothing is known to have changed. */
    AllChecks known() {
        SortedMap<String, Checks> now = new TreeMap<>();
        byAccount.forEach((account, checks) -> now.put(account.role(), checks.known()));
        if (!now.equals(known.byRole())) {
            known = new AllChecks(now);
        }
        return known;
    }

    /**
     * Reads those of the accounts that were read, where that can be of use.
     *
     * @param asked by role, whether somebody asks for a check in a zone that it writes
     * @see HealthChecks#read
     */
    void read(Set<String> asked, OptionalLong epoch) {
        byAccount.forEach((account, checks) -> {
            if (zones.known().zones().containsKey(account.role())) {
                checks.read(zones.readings(), asked.contains(account.role()), epoch);
            }
        });
    }

    /** @see HealthChecks#make */
    void make(Account account, MissingCheck missing, long epoch, BooleanSupplier mayBegin) throws AwsException {
        checks(account).make(missing, epoch, mayBegin);
    }

    /** Sees which of them nothing names, and since when. */
    void observe(Collection<ZoneView> views) {
        byAccount.values().forEach(checks -> checks.observe(views));
    }

    /** These are about to be named. */
    void wanted(Set<String> ids) {
        byAccount.values().forEach(checks -> checks.wanted(ids));
    }

    /** By account, those that nothing has named for long, everywhere; none of an account that has none. */
    Map<Account, List<HealthCheck>> due() {
        Map<Account, List<HealthCheck>> due = new LinkedHashMap<>();
        byAccount.forEach((account, checks) -> {
            List<HealthCheck> some = checks.due();
            if (!some.isEmpty()) {
                due.put(account, some);
            }
        });
        return due;
    }

    /** @see HealthChecks#letGo */
    void letGo(Account account, HealthCheck check, BooleanSupplier mayBegin) throws AwsException {
        checks(account).letGo(check, mayBegin);
    }

    @SuppressWarnings("NullAway") // there is one for each
    private HealthChecks checks(Account account) {
        return byAccount.get(account);
    }
}
