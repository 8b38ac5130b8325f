package dev.muster.registry.etcd;

import static dev.muster.registry.etcd.EtcdKeys.bytes;

import dev.muster.model.Name;
import dev.muster.model.Route;
import dev.muster.registry.CrashPoint;
import dev.muster.registry.RegistryException;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.options.DeleteOption;
import io.etcd.jetcd.options.PutOption;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** The routes that an owner's containers give to other services: {@code /services/<service>/routes/<owner>}. */
final class RouteKeys {

    private final EtcdKeys keys;
    private final String owner;
    private final Transactions transactions;
    private SortedMap<String, String> stored = new TreeMap<>();

    RouteKeys(EtcdKeys keys, String owner, Transactions transactions) {
        this.keys = keys;
        this.owner = owner;
        this.transactions = transactions;
    }

    /** Takes notice of those that are under the owner's lease; returns all other keys. */
    SortedMap<String, KeyValue> found(SortedMap<String, KeyValue> leased) {
        SortedMap<String, KeyValue> others = new TreeMap<>(leased);
        stored = new TreeMap<>();
        leased.forEach((key, kv) -> {
            if (keys.parse(key) instanceof EtcdKeys.Routes(String service, String whose) && whose.equals(owner)) {
                stored.put(service, EtcdKeys.text(kv.getValue()));
                others.remove(key);
            }
        });
        return others;
    }

    /** Writes the difference. */
    void announce(SortedMap<String, List<Route>> routes, long lease) throws RegistryException {
        SortedMap<String, String> wanted = new TreeMap<>();
        routes.forEach((service, each) -> {
            if (!each.isEmpty()) {
                wanted.put(Name.require("service", service), FieldsLayout.routesText(each));
            }
        });
        if (wanted.equals(stored)) {
            return;
        }
        PutOption underLease = PutOption.builder().withLeaseId(lease).build();
        List<Op> operations = new ArrayList<>();
        wanted.forEach((service, text) -> {
            if (!text.equals(stored.get(service))) {
                operations.add(Op.put(bytes(keys.routes(service, owner)), bytes(text), underLease));
            }
        });
        stored.keySet().stream()
                .filter(service -> !wanted.containsKey(service))
                .forEach(
                        service -> operations.add(Op.delete(bytes(keys.routes(service, owner)), DeleteOption.DEFAULT)));
        for (int from = 0; from < operations.size(); from += Transactions.MOST_OPERATIONS) {
            List<Op> some = operations.subList(from, Math.min(operations.size(), from + Transactions.MOST_OPERATIONS));
            CrashPoint.ANNOUNCING_ROUTES.reached();
            transactions.commit("announce routes", List.of(), some, List.of());
            CrashPoint.ROUTES_ANNOUNCED.reached();
        }
        stored = wanted;
    }
}
