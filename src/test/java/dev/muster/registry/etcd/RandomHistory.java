package dev.muster.registry.etcd;

import dev.muster.model.Goodbye;
import dev.muster.model.InstanceId;
import dev.muster.model.InstanceState;
import dev.muster.model.Registration;
import java.util.List;
import java.util.Map;
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
            switch (random.nextInt(21)) {
                case 0, 1 -> transaction.register(registration(id));
                case 2 -> leave(transaction, id, true);
                case 3 -> leave(transaction, id, false);
                case 4 -> transaction.put(field, junk);
                case 5 -> transaction.delete(field);
                case 6 -> lateGoodbye(transaction, id);
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
                case 15 -> everywhere(transaction, registration(id));
                case 16 -> presenceOfAScript(transaction, id);
                case 17 -> transaction.put(store.keys.gone(id), goodbye(id));
                case 18 ->
                    transaction.put(
                            store.keys.routes(id.service(), one("host1", "host2")),
                            one("[{\"host\":\"a.example\"}]", one("[{\"path\":\"/b\"}]", junk)));
                case 19 -> transaction.delete(store.keys.routes(id.service(), one("host1", "host2")));
                default -> transaction.put("/services/" + one("web/dns_ttl/port", "web/a/b/c"), junk);
            }
        });
    }

    private Registration registration(InstanceId id) {
        Registration registration = Registrations.of(id, one("host1", "host2"), 80 + random.nextInt(2));
        Registration said = random.nextBoolean() ? registration : registration.withState(InstanceState.DOWN, "check");
        return random.nextInt(4) > 0 ? said : withAlias(said);
    }

    /** Which may look like an instance. */
    private Registration withAlias(Registration registration) {
        String key = json(new InstanceId(one("web", "db"), one("a", "b")));
        return new Registration(
                registration.instance().withAliases(Map.of(key, "{}")),
                registration.owner(),
                registration.state(),
                registration.reason());
    }

    /** As an owner does that was told to write three layouts at once. */
    private void everywhere(SampleStore.Transaction transaction, Registration registration) {
        transaction.register(registration);
        transaction.put(json(registration.id()), JsonLayout.encode(registration));
        new PresenceLayout(store.keys).write(registration).forEach(transaction::put);
    }

    /** Two of its four keys, and at another time the others. */
    private void presenceOfAScript(SampleStore.Transaction transaction, InstanceId id) {
        String root = store.keys.presence(id);
        if (random.nextBoolean()) {
            transaction.put(root + "host", "core-1");
            transaction.put(root + "port", "8080");
        } else {
            transaction.put(root + "private_ip", "10.0.0.7");
            transaction.put(root + "public_ip", "192.0.2.7");
        }
    }

    /** An owner leaves with a goodbye, or its lease takes along what it wrote, in whatever layouts. */
    private void leave(SampleStore.Transaction transaction, InstanceId id, boolean goodbye) {
        boolean wasThere = store.has(json(id)) && random.nextBoolean();
        if (wasThere) {
            transaction.delete(json(id));
            store.below(store.keys.presence(id)).forEach(key -> transaction.delete(key.key()));
        }
        for (KeyChange key : store.below(store.keys.instance(id))) {
            if (key.key().endsWith("/state")) {
                transaction.deleteWrittenAt(id, key.revision());
                wasThere = true;
            }
        }
        if (wasThere && goodbye) {
            transaction.put(store.keys.gone(id), goodbye(id));
        }
    }

    /** Of an agent that was cut off: it compares that nobody owns the instance by now. */
    private void lateGoodbye(SampleStore.Transaction transaction, InstanceId id) {
        if (!store.has(store.keys.field(id, FieldsLayout.OWNER))) {
            transaction.put(store.keys.gone(id), goodbye(id));
        }
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
