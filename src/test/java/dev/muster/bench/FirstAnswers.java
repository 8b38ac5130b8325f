package dev.muster.bench;

import dev.muster.testkit.Ports;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * start -> first 200 through HAProxy, less the container's own first answer; and own first answer -> key. Beside the
 * service's only other instance, which is paused: so what is measured is a server that joins, not the frontend's first,
 * and HAProxy itself says 503 at once until then, without another container's work in between.
 */
final class FirstAnswers {

    /** Whoever asks without a pause takes the processor from what is measured. */
    private static final long BETWEEN_ASKINGS = 500_000;

    private static final double QUIET_P50 = 1.7;
    private static final double QUIET_P99 = 3.3;

    private final Lab lab;
    private final Engine engine;
    private final List<Row> rows = new ArrayList<>();

    FirstAnswers(Lab lab) {
        this.lab = lab;
        this.engine = lab.engine();
    }

    List<Row> measure() throws IOException {
        Samples floor = lab.floor();
        Lab.say("start -> first 200 through HAProxy");
        int bind = Ports.free();
        try (Program agent = lab.agent("balancer", List.of("--ttl=30s"));
                Program watcher = watcher(bind)) {
            agent.awaitReady();
            watcher.awaitReady();
            List<String> standing = balanced("standing");
            engine.start(standing);
            firstAnswer("http://127.0.0.1:" + bind + "/", "bench", "standing");
            engine.pause(standing.getFirst());
            List<Long> lag = new ArrayList<>();
            List<Long> toKey = new ArrayList<>();
            for (int i = 0; i < lab.samples(40, 8); i++) {
                String name = "joining" + i;
                List<String> one = balanced(name);
                engine.start(one);
                String direct = engine.address(one.getFirst());
                long own = firstAnswer("http://" + direct + ":80/", "bench", name);
                long through = firstAnswer("http://127.0.0.1:" + bind + "/", "bench", name);
                toKey.add(lab.keys().awaitSeen(one.getFirst()) - own);
                lag.add(Math.max(0, through - own));
                engine.remove(one);
            }
            awaited("first 200 through HAProxy", "after its own", Samples.warmed(lag), floor, 8, 20);
            awaited("own first answer -> key", "default check", Samples.warmed(toKey), floor, 10, 25);
        }
        Program.endHaproxy(lab.folder().resolve("muster.cfg"));
        return rows;
    }

    /** Goals in milliseconds are those of a machine whose floor is {@link #QUIET_P50} and {@link #QUIET_P99}. */
    private void awaited(String scenario, String what, Samples took, Samples floor, double p50Goal, double p99Goal) {
        rows.add(new Row(scenario, "p50 " + what, took.p50(), "ms", p50Goal));
        rows.add(new Row(scenario, "p99 " + what, took.p99(), "ms", p99Goal));
        rows.add(new Row(scenario, "p50 / floor", took.p50() / floor.p50(), "x", p50Goal / QUIET_P50));
        rows.add(new Row(scenario, "p99 / floor", took.p99() / floor.p99(), "x", p99Goal / QUIET_P99));
    }

    private List<String> balanced(String name) {
        return engine.create(
                1,
                "--label",
                "muster.enable=true",
                "--label",
                "muster.service=bench",
                "--label",
                "muster.instance=" + name,
                "--env",
                "NAME=" + name,
                Engine.IMAGE);
    }

    private Program watcher(int bind) {
        return Program.start(
                lab.folder().resolve("watcher.log"),
                Ports.free(),
                List.of(
                        "watcher",
                        "--etcd-endpoints=" + lab.etcd(),
                        "--prefix=/bench/balancer",
                        "--state-dir=" + lab.folder(),
                        "--haproxy-run",
                        "--haproxy-bind=127.0.0.1:" + bind,
                        "--haproxy-config=" + lab.folder().resolve("muster.cfg"),
                        "--haproxy-socket=" + lab.folder().resolve("admin.sock"),
                        "--haproxy-master-socket=" + lab.folder().resolve("master.sock"),
                        "--haproxy-snippets=" + lab.folder().resolve("snippets")));
    }

    /** When a GET is first answered by that instance; asks without a pause, since milliseconds count. */
    private static long firstAnswer(String url, String host, String instance) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!answers(url, host, instance)) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(instance + " does not answer at " + url);
            }
            LockSupport.parkNanos(BETWEEN_ASKINGS);
        }
        return KeyLog.nanosNow();
    }

    private static boolean answers(String url, String host, String instance) {
        URI place = URI.create(url);
        try (Socket socket = new Socket()) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(500);
            socket.connect(new InetSocketAddress(place.getHost(), place.getPort()), 200);
            socket.getOutputStream()
                    .write("GET / HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n"
                            .formatted(host)
                            .getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            return answer.startsWith("HTTP/1.1 200") && answer.contains(instance);
        } catch (IOException e) {
            return false;
        }
    }
}
