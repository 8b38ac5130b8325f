package dev.muster.registry.etcd;

import static dev.muster.registry.etcd.EtcdKeys.bytes;

import dev.muster.registry.RegistryException;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.kv.GetResponse;
import io.etcd.jetcd.kv.TxnResponse;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.options.GetOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** How far services have come in etcd itself, whatever a watch has brought by now: many of them in one question. */
record NewestChange(EtcdConnection connection, EtcdKeys keys) {

    private static final GetOption NEWEST = GetOption.builder()
            .isPrefix(true)
            .withKeysOnly(true)
            .withSortField(GetOption.SortTarget.MOD)
            .withSortOrder(GetOption.SortOrder.DESCEND)
            .withLimit(1)
            .build();

    /** The mod revision of the newest key that is there; 0 where there is none. */
    long of(Collection<String> services) throws RegistryException {
        List<Op> questions = new ArrayList<>();
        services.forEach(service -> questions.add(Op.get(bytes(keys.service(service)), NEWEST)));
        Transactions transactions = new Transactions(connection, () -> {});
        long newest = 0;
        for (int from = 0; from < questions.size(); from += Transactions.MOST_OPERATIONS) {
            List<Op> some = questions.subList(from, Math.min(questions.size(), from + Transactions.MOST_OPERATIONS));
            TxnResponse answer =
                    transactions.commit("see what is newest below " + keys.services(), List.of(), some, List.of());
            for (GetResponse each : answer.getGetResponses()) {
                for (KeyValue key : each.getKvs()) {
                    newest = Math.max(newest, key.getModRevision());
                }
            }
        }
        return newest;
    }
}
