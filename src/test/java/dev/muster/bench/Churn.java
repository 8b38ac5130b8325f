package dev.muster.bench;

import dev.muster.testkit.EngineProxy;
import dev.muster.testkit.Ports;
import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.options.GetOption;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/**
 * Containers are started and killed as fast as the engine can, while the agent's connections to it are cut at random. A few
 * seconds after each bout, some containers running and some not, the keys must equal what runs.
 */
final class Churn {

    private static final String SCENARIO = "churn, events cut at random";
    private static final String PREFIX = "/bench/churn";
    private static final int CONTAINERS = 20;
    private static final int LONGEST_UNCUT_MS = 1_000;
    private static final int SETTLED_S = 5;

    private final Engine engine;
    private final URI etcd;
    private final Path folder;
    private final int pairs;
    private final int bouts;
    private final Random random = new Random(1);
    private final AtomicInteger cuts = new AtomicInteger();
    private int stale;
    private int missing;

    Churn(Engine engine, URI etcd, Path folder, boolean quick) {
        this.engine = engine;
        this.etcd = etcd;
        this.folder = folder;
        this.pairs = quick ? 100 : 1_000;
        this.bouts = quick ? 2 : 5;
    }

    List<Row> measure() throws InterruptedException, IOException, ExecutionException {
        List<String> ids = engine.create(
                CONTAINERS,
                "--network=host", // to set up a network of its own is most of what a start costs
                "--label=muster.enable=true",
                "--label=muster.check=none",
                Engine.IMAGE,
                "sleep",
                "600");
        long begun = System.nanoTime();
        try (EngineProxy proxy = new EngineProxy(folder);
                Client client = Client.builder().endpoints(etcd).build();
                Program agent = agent(proxy.uri())) {
            agent.awaitReady();
            for (int bout = 0; bout < bouts; bout++) {
                CountDownLatch over = new CountDownLatch(1);
                Random when = new Random(random.nextLong());
                Thread cutting = Thread.ofVirtual().start(() -> cut(proxy, over, when));
                startAndKill(ids, pairs / bouts);
                over.countDown();
                cutting.join();
                Collections.shuffle(ids, random);
                List<String> running = ids.subList(0, CONTAINERS / 2);
                engine.start(running);
                TimeUnit.SECONDS.sleep(SETTLED_S);
                compare(client, ids, new HashSet<>(running));
                running.forEach(engine::kill);
            }
        }
        engine.remove(ids);
        return List.of(
                Row.of(SCENARIO, "pairs of start and kill", pairs, ""),
                Row.of(SCENARIO, "cuts", cuts.get(), ""),
                Row.of(SCENARIO, "took", (System.nanoTime() - begun) / 1e9, "s"),
                new Row(SCENARIO, "stale keys after " + SETTLED_S + " s", stale, "", 0),
                new Row(SCENARIO, "missing keys after " + SETTLED_S + " s", missing, "", 0));
    }

    /** Two at a time, each container by one of them only. */
    private void startAndKill(List<String> ids, int times) throws InterruptedException, ExecutionException {
        try (ExecutorService two = Executors.newFixedThreadPool(2)) {
            List<Future<?>> both = new ArrayList<>();
            for (List<String> half : List.of(
                    List.copyOf(ids.subList(0, CONTAINERS / 2)),
                    List.copyOf(ids.subList(CONTAINERS / 2, CONTAINERS)))) {
                both.add(two.submit(() -> {
                    for (int i = 0; i < times / 2; i++) {
                        String id = half.get(i % half.size());
                        engine.start(List.of(id));
                        engine.kill(id);
                    }
                }));
            }
            for (Future<?> one : both) {
                one.get();
            }
        }
    }

    private void cut(EngineProxy proxy, CountDownLatch over, Random when) {
        try {
            while (!over.await(when.nextInt(LONGEST_UNCUT_MS), TimeUnit.MILLISECONDS)) {
                proxy.cut();
                cuts.incrementAndGet();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** @param ours all containers of this scenario: others may run here too */
    private void compare(Client client, List<String> ours, Set<String> running)
            throws InterruptedException, ExecutionException {
        GetOption all = GetOption.builder().isPrefix(true).build();
        Set<String> published =
                client.getKVClient().get(ByteSequence.from(PREFIX, StandardCharsets.UTF_8), all).get().getKvs().stream()
                        .filter(kv ->
                                kv.getKey().toString(StandardCharsets.UTF_8).endsWith("/container_id"))
                        .map(kv -> kv.getValue().toString(StandardCharsets.UTF_8))
                        .filter(ours::contains)
                        .collect(Collectors.toSet());
        stale += (int) published.stream().filter(id -> !running.contains(id)).count();
        missing += (int) running.stream().filter(id -> !published.contains(id)).count();
    }

    private Program agent(URI docker) {
        return Program.start(
                folder.resolve("churn.log"),
                Ports.free(),
                List.of(
                        "agent",
                        "--opt-in",
                        "--agent-id=churn",
                        "--docker=" + docker,
                        "--etcd-endpoints=" + etcd,
                        "--prefix=" + PREFIX,
                        "--state-dir=" + folder,
                        "--private-address=127.0.0.1"));
    }
}
