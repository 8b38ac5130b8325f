package dev.muster.bench;

import dev.muster.testkit.EtcdProcess;
import dev.muster.testkit.Ports;
import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.awaitility.Awaitility;

/** What the scenarios have in common: an etcd and a log of its keys, the engine and when it started what, agents, the floor. */
final class Lab {

    /** Labels of a container that is published as soon as it runs. */
    private static final List<String> UNCHECKED =
            List.of("--label", "muster.enable=true", "--label", "muster.check=none");

    private final boolean quick;
    private final Path folder;
    private final EtcdProcess etcd;
    private final Client client;
    private final Engine engine;
    private final KeyLog keys;
    private final Map<String, Long> started = new ConcurrentHashMap<>();
    private final Map<String, Long> died = new ConcurrentHashMap<>();

    /**
     * @param quick with fewer samples
     * @param folder for logs and state
     */
    Lab(boolean quick, Path folder, EtcdProcess etcd, Client client, Engine engine, KeyLog keys) {
        this.quick = quick;
        this.folder = folder;
        this.etcd = etcd;
        this.client = client;
        this.engine = engine;
        this.keys = keys;
        engine.events((action, id, nanos) -> (action.equals("start") ? started : died).putIfAbsent(id, nanos));
    }

    /** Another number of samples in a first look. */
    int samples(int many, int few) {
        return quick ? few : many;
    }

    boolean quick() {
        return quick;
    }

    Path folder() {
        return folder;
    }

    URI etcd() {
        return etcd.endpoint();
    }

    Engine engine() {
        return engine;
    }

    KeyLog keys() {
        return keys;
    }

    static void say(String what) {
        System.err.println("-- " + what);
    }

    /** Containers that are published as soon as they run, not yet started. */
    List<String> unchecked(int count) {
        List<String> words = new ArrayList<>(UNCHECKED);
        words.addAll(List.of(Engine.IMAGE, "sleep", "3600"));
        return engine.create(count, words.toArray(String[]::new));
    }

    /** When the engine said that it was started, as {@link KeyLog#nanosNow}; waits for it. */
    long started(String id) {
        return await(started, id);
    }

    /** When the engine said that it had ended; waits for it. */
    long died(String id) {
        return await(died, id);
    }

    private static long await(Map<String, Long> events, String id) {
        return Awaitility.await("event of " + id)
                .pollDelay(0, TimeUnit.MILLISECONDS)
                .until(() -> events.getOrDefault(id, 0L), nanos -> nanos > 0);
    }

    /** start -> key of each, started one after the other. */
    List<Long> oneByOne(List<String> ids) {
        List<Long> took = new ArrayList<>();
        for (String id : ids) {
            engine.start(List.of(id));
            took.add(keys.awaitSeen(id) - started(id));
        }
        return took;
    }

    /** A bare warm loop that puts one key when the engine says that a container has started. */
    Samples floor() {
        say("floor");
        try (Engine own = bareLoop("")) {
            List<String> ids = engine.create(samples(200, 20), Engine.IMAGE, "sleep", "600");
            List<Long> took = oneByOne(ids);
            engine.remove(ids);
            return Samples.warmed(took);
        }
    }

    /**
     * The same loop, until it is closed.
     *
     * @param prefix before each container's id in the key's value
     */
    Engine bareLoop(String prefix) {
        Engine own = new Engine();
        own.events((action, id, nanos) -> {
            if (action.equals("start")) {
                put("/floor/" + id + "/container_id", prefix + id);
            }
        });
        return own;
    }

    void put(String key, String value) {
        try {
            client.getKVClient().put(bytes(key), bytes(value)).get(5, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new IllegalStateException(key + " cannot be put", e);
        }
    }

    private static ByteSequence bytes(String text) {
        return ByteSequence.from(text, StandardCharsets.UTF_8);
    }

    /** An agent of the built distribution, which writes below {@code /bench/NAME}. */
    Program agent(String name, List<String> more) {
        List<String> words = new ArrayList<>(List.of(
                "agent",
                "--opt-in",
                "--agent-id=" + name,
                "--etcd-endpoints=" + etcd.endpoint(),
                "--prefix=/bench/" + name,
                "--state-dir=" + folder,
                "--private-address=127.0.0.1"));
        words.addAll(more);
        return Program.start(folder.resolve("agent.log"), Ports.free(), words);
    }
}
