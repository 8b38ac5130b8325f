package dev.muster.registry.etcd;

import dev.muster.model.Addresses;
import dev.muster.model.CheckSpec;
import dev.muster.model.Instance;
import dev.muster.model.InstanceId;
import dev.muster.model.InstanceState;
import dev.muster.model.Protocol;
import dev.muster.model.Registration;
import dev.muster.model.Run;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.options.PutOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** Very many instances as agents write them, fifty to a service, fifty to an agent, in one layout. */
public final class GeneratedFleet {

    private static final int OPERATIONS = 128;
    private static final int UNDER_WAY = 32;
    private static final int TOGETHER = 50;

    private final Client client;
    private final int instances;
    private final Protocol protocol;
    private final Optional<Integer> port;
    private final OwnedLayout layout;
    private final AtomicInteger failures = new AtomicInteger();
    private final Semaphore slots = new Semaphore(UNDER_WAY);

    /** @param layout {@code fields} or {@code json}, below {@code /services} */
    public GeneratedFleet(Client client, int instances, String layout, Protocol protocol) {
        this(client, instances, layout, protocol, Optional.empty());
    }

    /** Each at an address of its own on this machine, where one who listens at this port on all of them answers. */
    public static GeneratedFleet onLoopback(Client client, int instances, String layout, int port) {
        return new GeneratedFleet(client, instances, layout, Protocol.HTTP, Optional.of(port));
    }

    private GeneratedFleet(Client client, int instances, String layout, Protocol protocol, Optional<Integer> port) {
        EtcdKeys keys = new EtcdKeys("/services");
        this.client = client;
        this.instances = instances;
        this.protocol = protocol;
        this.port = port;
        this.layout = layout.equals("json") ? new JsonKeys(keys.prefix()) : new FieldKeys(keys);
    }

    /** Puts all of them. */
    public void write() throws InterruptedException {
        put(IntStream.range(0, instances), InstanceState.UP);
    }

    /** Puts these, as many in a transaction as etcd takes. */
    public void put(IntStream some, InstanceState state) throws InterruptedException {
        List<Op> ops = new ArrayList<>();
        for (int i : some.toArray()) {
            List<Op> more = puts(i, Instance.DEFAULT_WEIGHT, state);
            if (ops.size() + more.size() > OPERATIONS) {
                commit(ops, done -> {});
                ops.clear();
            }
            ops.addAll(more);
        }
        commit(ops, done -> {});
        slots.acquire(UNDER_WAY);
        slots.release(UNDER_WAY);
    }

    /**
     * Its owner says something else of it, in one transaction. Returns before etcd has answered.
     *
     * @param done given the time of the answer ({@link System#nanoTime})
     */
    public void change(int instance, int weight, Consumer<Long> done) throws InterruptedException {
        commit(puts(instance, weight, InstanceState.UP), done);
    }

    /** How it is called. */
    public static String name(int instance) {
        return "service-%04d/node-%05d".formatted(instance / TOGETHER, instance);
    }

    private void commit(List<Op> ops, Consumer<Long> done) throws InterruptedException {
        slots.acquire();
        CompletableFuture<?> _ = client.getKVClient()
                .txn()
                .Then(ops.toArray(Op[]::new))
                .commit()
                .whenComplete((answer, failure) -> {
                    slots.release();
                    failures.addAndGet(failure == null ? 0 : 1);
                    done.accept(System.nanoTime());
                });
        if (failures.get() > 0) {
            throw new IllegalStateException("etcd did not take a transaction");
        }
    }

    private List<Op> puts(int i, int weight, InstanceState state) {
        SortedMap<String, String> written = layout.write(registration(i, weight, state));
        List<Op> ops = new ArrayList<>();
        written.forEach((key, value) -> ops.add(Op.put(EtcdKeys.bytes(key), EtcdKeys.bytes(value), PutOption.DEFAULT)));
        return ops;
    }

    private Registration registration(int i, int weight, InstanceState state) {
        int agent = i % Math.max(1, instances / TOGETHER);
        String host = "core-%04d".formatted(agent);
        String[] name = name(i).split("/", 2);
        String containerId = "%064x".formatted(0x5eedL * (i + 1));
        return new Registration(
                new Instance(
                        new InstanceId(name[0], name[1]),
                        host,
                        new Addresses("", address(i)),
                        port.orElse(20_000 + i % 20_000),
                        protocol,
                        CheckSpec.TCP,
                        List.of(),
                        weight,
                        new Run(containerId, "2026-11-21T09:00:%02d.%09dZ".formatted(i % 60, i)),
                        "web@%d.service".formatted(i),
                        "registry.example/shop/" + name[0] + ":1.2." + i % 7,
                        "1.2." + i % 7,
                        Map.of("zone", "zone-" + agent % 3),
                        Map.of()),
                host,
                state,
                "");
    }

    private String address(int i) {
        return "%d.1%02d.%d.%d".formatted(port.isPresent() ? 127 : 10, i / 62_500, i / 250 % 250, 1 + i % 250);
    }
}
