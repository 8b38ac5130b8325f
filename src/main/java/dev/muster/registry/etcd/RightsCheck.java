package dev.muster.registry.etcd;

import static dev.muster.registry.etcd.EtcdKeys.bytes;

import dev.muster.config.EtcdConfig;
import dev.muster.doctor.Area;
import dev.muster.doctor.Check;
import dev.muster.doctor.Report;
import dev.muster.model.InstanceId;
import dev.muster.registry.RegistryException;
import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.op.Cmp;
import io.etcd.jetcd.op.CmpTarget;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.options.GetOption;
import io.etcd.jetcd.options.OptionsUtil;
import io.etcd.jetcd.options.PutOption;
import java.util.List;
import java.util.Optional;

/**
 * Whether etcd lets this user do what an agent and a watcher do. Writing is tried by transactions whose condition is never
 * true: etcd checks rights, and whether it has space, before it looks at conditions, so that nothing is written, and no
 * revision is made.
 */
public final class RightsCheck implements Check {

    private static final String RIGHTS = "rights";

    private final EtcdConfig config;
    private final String owner;
    private final String watcher;

    /**
     * @param owner as which an agent would write
     * @param watcher as which a watcher would
     */
    public RightsCheck(EtcdConfig config, String owner, String watcher) {
        this.config = config;
        this.owner = owner;
        this.watcher = watcher;
    }

    @Override
    public Area area() {
        return Area.ETCD;
    }

    @Override
    public String name() {
        return RIGHTS;
    }

    @Override
    public void run(Report report) {
        EtcdKeys keys = new EtcdKeys(config.prefix());
        try (EtcdConnection connection = new EtcdConnection(config)) {
            long count;
            try {
                count = count(connection, keys.services());
            } catch (RegistryException e) {
                report.fail(RIGHTS, String.valueOf(e.getMessage()), mend(e, "read", config.root() + keys.services()));
                return;
            }
            report.ok(RIGHTS, "may read below %s: %d keys are there".formatted(keys.services(), count));
            List<String> agents =
                    List.of(keys.field(new InstanceId("muster-doctor", "probe"), "owner"), EtcdKeys.agent(owner));
            List<String> watchers =
                    List.of(EtcdKeys.watcher(watcher), EtcdKeys.applied("muster-doctor", "haproxy", watcher));
            Optional<RegistryException> asAgent = tryToPut(connection, agents);
            Optional<RegistryException> asWatcher = tryToPut(connection, watchers);
            boolean neither = asAgent.isPresent() && asWatcher.isPresent();
            tell(report, "an agent", config.root() + keys.services(), asAgent, neither);
            tell(report, "a watcher", config.root() + "/muster/", asWatcher, neither);
        }
    }

    private static void tell(
            Report report, String role, String prefix, Optional<RegistryException> refusal, boolean neither) {
        if (refusal.isEmpty()) {
            report.ok(RIGHTS, "may write as %s does (tried by a transaction that changes nothing)".formatted(role));
            return;
        }
        String seen = "as %s, %s".formatted(role, refusal.get().getMessage());
        if (neither || !EtcdErrors.isRefusal(refusal.get())) {
            report.fail(RIGHTS, seen, mend(refusal.get(), "readwrite", prefix));
        } else {
            report.warn(
                    RIGHTS, seen, "if %s is to run here: %s".formatted(role, mend(refusal.get(), "readwrite", prefix)));
        }
    }

    private static long count(EtcdConnection connection, String prefix) throws RegistryException {
        ByteSequence from = bytes(prefix);
        GetOption option = GetOption.builder()
                .withRange(OptionsUtil.prefixEndOf(from))
                .withCountOnly(true)
                .build();
        return connection
                .call("read below " + prefix, client -> client.getKVClient().get(from, option))
                .getCount();
    }

    private static Optional<RegistryException> tryToPut(EtcdConnection connection, List<String> keys) {
        Cmp never = new Cmp(bytes(keys.getFirst()), Cmp.Op.LESS, CmpTarget.version(0));
        Op[] puts = keys.stream()
                .map(key -> Op.put(bytes(key), bytes("muster doctor"), PutOption.DEFAULT))
                .toArray(Op[]::new);
        try {
            connection.call(
                    "try to write",
                    client -> client.getKVClient().txn().If(never).Then(puts).commit());
            return Optional.empty();
        } catch (RegistryException e) {
            return Optional.of(e);
        }
    }

    private static String mend(RegistryException e, String right, String prefix) {
        return EtcdErrors.isRefusal(e)
                ? "name a user that may (--etcd-user, --etcd-password-file), or let it: etcdctl role grant-permission ROLE %s --prefix=true %s && etcdctl user grant-role USER ROLE"
                        .formatted(right, prefix)
                : "mend what is said of the endpoints and alarms, then try again";
    }
}
