package dev.muster.registry.etcd;

import dev.muster.model.Goodbye;
import dev.muster.model.InstanceId;
import dev.muster.model.InstanceState;
import dev.muster.model.Registration;
import java.util.List;
import java.util.Random;

/** What owners, old scripts, people and strangers do to a few instances, at random. */
final class RandomHistory {

    private static final List<String> FIELDS =
            List.of("owner", "port", "host", "private_ipv4_addr", "public_ipv4_addr", "weight", "check", "note");
    private static final List<String> JUNK =
            List.of("", "0", "junk", "10.0.0.9", "{\"type\":\"http\"}", "\ufffd", "a\nb", "7", "host1");

    private static final List<String> PRESENCE = List.of("host", "port", "private_ip", "public_ip", "note");
    private static final List<String> BAD_JSON = List.of(
            "{\"port\":0,\"private_ipv4_addr\":\"10.0.0.1\",\"owner\":\"host1\"}",
            "{\"port\":81,\"private_ipv4_addr\":\"10.0.0.9\"}",
            "{\"value\": \"10.1.2.3\"}");

    private final Random random;
    private final SampleStore store;

    RandomHistory(Random random, SampleStore store) {
        this.random = random;
        this.store = store;
    }

    /** One transaction's changes; empty when it changed nothing. */
    List<KeyChange> next() {
        InstanceId id = new InstanceId(one("web", "db"), one("a", "b"));
        String field = store.keys.field(id, FIELDS.get(random.nextInt(FIELDS.size())));
        String presence = store.keys.presence(id) + PRESENCE.get(random.nextInt(PRESENCE.size()));
        String junk = JUNK.get(random.nextInt(JUNK.size()));
        return store.transaction(transaction -> {
            switch (random.nextInt(18)) {
                case 0, 1 -> transaction.register(registration(id));
                case 2 -> leave(transaction, id, true);
                case 3 -> leave(transaction, id, false);
                case 4 -> transaction.put(field, junk);
                case 5 -> transaction.delete(field);
                case 6 -> transaction.put(store.keys.gone(id), goodbye(id));
                case 7 -> transaction.delete(store.keys.gone(id));
                case 8 ->
                    transaction.put(
                            store.keys.setting(id.service(), one("dns_ttl", "own")), junk.isEmpty() ? "x" : "y");
                case 9 -> transaction.delete(store.keys.setting(id.service(), one("dns_ttl", "own")));
                case 10 ->
                    transaction.put(store.keys.field(id, one("port", "private_ipv4_addr")), one("10.0.0.9", "81"));
                case 11 -> transaction.put(json(id), JsonLayout.encode(registration(id)));
                case 12 -> transaction.put(json(id), one(BAD_JSON.get(random.nextInt(BAD_JSON.size())), junk));
                case 13 -> transaction.delete(one(json(id), presence));
                case 14 -> transaction.put(presence, one("10.0.0.9", "81"));
                case 15 ->
                    transaction.put(
                            store.keys.routes(id.service(), one("host1", "host2")),
                            one("[{\"host\":\"a.example\"}]", one("[{\"path\":\"/b\"}]", junk)));
                case 16 -> transaction.delete(store.keys.routes(id.service(), one("host1", "host2")));
                default -> transaction.put("/services/" + one("web/dns_ttl/port", "web/a/b/c"), junk);
            }
        });
    }

    private Registration registration(InstanceId id) {
        Registration registration = Registrations.of(id, one("host1", "host2"), 80 + random.nextInt(2));
        return random.nextBoolean() ? registration : registration.withState(InstanceState.DOWN, "check");
    }

    /** An owner leaves with a goodbye, or its lease takes along what it wrote. */
    private void leave(SampleStore.Transaction transaction, InstanceId id, boolean goodbye) {
        store.below(store.keys.instance(id)).stream()
                .filter(key -> key.key().endsWith("/state"))
                .findFirst()
                .ifPresent(key -> {
                    transaction.deleteWrittenAt(id, key.revision());
                    if (goodbye) {
                        transaction.put(store.keys.gone(id), goodbye(id));
                    }
                });
    }

    private String json(InstanceId id) {
        return EtcdKeys.entry(store.keys.prefix(), id);
    }

    private String goodbye(InstanceId id) {
        return random.nextInt(5) == 0
                ? one("bye", "{}")
                : GoodbyeJson.encode(new Goodbye(
                        id,
                        Goodbye.Reason.ENDED,
                        "host1",
                        registration(id).instance().run()));
    }

    private String one(String first, String second) {
        return random.nextBoolean() ? first : second;
    }
}
