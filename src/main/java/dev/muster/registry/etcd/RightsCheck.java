package dev.muster.registry.etcd;

import static dev.muster.registry.etcd.EtcdKeys.bytes;

import dev.muster.config.EtcdConfig;
import dev.muster.config.LayoutConfig;
import dev.muster.doctor.Area;
import dev.muster.doctor.Check;
import dev.muster.doctor.Report;
import dev.muster.model.Addresses;
import dev.muster.model.CheckSpec;
import dev.muster.model.Instance;
import dev.muster.model.InstanceId;
import dev.muster.model.InstanceState;
import dev.muster.model.Protocol;
import dev.muster.model.Registration;
import dev.muster.model.Run;
import dev.muster.registry.RegistryException;
import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.op.Cmp;
import io.etcd.jetcd.op.CmpTarget;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.options.GetOption;
import io.etcd.jetcd.options.OptionsUtil;
import io.etcd.jetcd.options.PutOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Whether etcd lets this user do what an agent and a watcher do. Writing is tried by transactions whose condition is never
 * true: etcd checks rights, and whether it has space, before it looks at conditions, so that nothing is written, and no
 * revision is made.
 */
public final class RightsCheck implements Check {

    private static final String RIGHTS = "rights";

    /** An instance that nobody has, at an address for documentation (RFC 5737). */
    private static final Instance PROBE = new Instance(
            new InstanceId("muster-doctor", "probe"),
            "muster-doctor",
            new Addresses("192.0.2.1", ""),
            1,
            Protocol.HTTP,
            CheckSpec.NONE,
            List.of(),
            Instance.DEFAULT_WEIGHT,
            new Run("", ""),
            "",
            "",
            "",
            Map.of(),
            Map.of());

    /**
     * What was refused.
     *
     * @param place the prefix to which a right is missing
     */
    private record Refusal(String place, RegistryException why) {}

    private final EtcdConfig config;
    private final LayoutConfig layouts;
    private final String owner;
    private final String watcher;
    private final List<String> groups;

    /**
     * @param layouts in which an agent would write
     * @param owner as which it would
     * @param watcher as which a watcher would
     * @param groups in which that would stand for election
     */
    public RightsCheck(EtcdConfig config, LayoutConfig layouts, String owner, String watcher, List<String> groups) {
        this.config = config;
        this.layouts = layouts;
        this.owner = owner;
        this.watcher = watcher;
        this.groups = List.copyOf(groups);
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
            Optional<Refusal> asAgent = tryToPut(connection, agentKeys(keys));
            Optional<Refusal> asWatcher = tryToPut(connection, watcherKeys());
            boolean neither = asAgent.isPresent() && asWatcher.isPresent();
            tell(report, "an agent", asAgent, neither);
            tell(report, "a watcher", asWatcher, neither);
        }
    }

    /** Its records; of a group, also its leader's. */
    private List<String> watcherKeys() {
        List<String> all = new ArrayList<>(List.of(
                EtcdKeys.watcher(watcher),
                EtcdKeys.applied(PROBE.id().service(), "haproxy", watcher),
                EtcdKeys.release(PROBE.id().service(), "haproxy")));
        for (String group : groups) {
            all.addAll(List.of(EtcdKeys.leader(group), EtcdKeys.epoch(group)));
        }
        return all;
    }

    /** Its record, and all that an instance is in its layouts. */
    private List<String> agentKeys(EtcdKeys keys) {
        Registration probe = new Registration(PROBE, owner, InstanceState.UP, "");
        Layouts written = new Layouts(keys, layouts);
        List<String> all = new ArrayList<>(List.of(EtcdKeys.agent(owner)));
        all.addAll(written.owned().write(probe).keySet());
        written.beside(probe).forEach(part -> all.addAll(part.keys().keySet()));
        return all;
    }

    private void tell(Report report, String role, Optional<Refusal> refusal, boolean neither) {
        if (refusal.isEmpty()) {
            report.ok(RIGHTS, "may write as %s does (tried by a transaction that changes nothing)".formatted(role));
            return;
        }
        RegistryException why = refusal.get().why();
        String seen = "as %s, %s".formatted(role, why.getMessage());
        String mend = mend(why, "readwrite", config.root() + refusal.get().place());
        if (neither || !EtcdErrors.isRefusal(why)) {
            report.fail(RIGHTS, seen, mend);
        } else {
            report.warn(RIGHTS, seen, "if %s is to run here: %s".formatted(role, mend));
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

    /** Place by place, so that it is clear which right is missing. */
    private Optional<Refusal> tryToPut(EtcdConnection connection, List<String> keys) {
        Map<String, List<String>> byPlace = new LinkedHashMap<>();
        keys.forEach(key ->
                byPlace.computeIfAbsent(place(key), first -> new ArrayList<>()).add(key));
        for (Map.Entry<String, List<String>> each : byPlace.entrySet()) {
            Cmp never = new Cmp(bytes(each.getValue().getFirst()), Cmp.Op.LESS, CmpTarget.version(0));
            Op[] puts = each.getValue().stream()
                    .map(key -> Op.put(bytes(key), bytes("muster doctor"), PutOption.DEFAULT))
                    .toArray(Op[]::new);
            try {
                connection.call(
                        "try to write below " + config.root() + each.getKey(),
                        client ->
                                client.getKVClient().txn().If(never).Then(puts).commit());
            } catch (RegistryException e) {
                return Optional.of(new Refusal(each.getKey(), e));
            }
        }
        return Optional.empty();
    }

    /** The prefix to which somebody would be given a right. */
    private String place(String key) {
        return Stream.of(
                        config.prefix(),
                        layouts.registratorPrefix(),
                        layouts.skydnsPrefix(),
                        "/muster/leader",
                        "/muster/epoch",
                        "/muster")
                .map(prefix -> prefix + "/")
                .filter(key::startsWith)
                .findFirst()
                .orElse(key);
    }

    private static String mend(RegistryException e, String right, String prefix) {
        return EtcdErrors.isRefusal(e)
                ? "name a user that may (--etcd-user, --etcd-password-file), or let it: etcdctl role grant-permission ROLE %s --prefix=true %s && etcdctl user grant-role USER ROLE"
                        .formatted(right, prefix)
                : "mend what is said of the endpoints and alarms, then try again";
    }
}
