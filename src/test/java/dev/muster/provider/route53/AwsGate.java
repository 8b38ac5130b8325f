package dev.muster.provider.route53;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Stands before moto, knows who calls what, and holds the calls that a test asks for. It keeps the rule that moto does not
 * know: a batch is done whole, and only where all that it deletes stands there exactly so and nothing that it creates does,
 * and where the health checks that its records name are there.
 */
final class AwsGate extends AwsProxy {

    /** Where a call is held. */
    enum Side {
        /** Before anything of it is done. */
        BEFORE,
        /** Once it is done, before its answer. */
        AFTER
    }

    /** A call that came. */
    record Seen(String caller, String name, String about, long atNanos) {}

    /** Told of each batch that was done in its zone, before anybody has an answer. */
    interface Witness {
        /** @param after all that stands in the zone now */
        void done(List<FakeZone.Step> batch, List<RecordSet> after);
    }

    private record Watched(Zone zone, Witness witness) {}

    private final MotoZones zones;
    private final Map<String, Watched> watched = new ConcurrentHashMap<>();
    private final List<Seen> seen = new ArrayList<>();
    private final List<Hold> holds = new ArrayList<>();

    AwsGate(MotoZones zones) {
        super(zones.endpoint());
        this.zones = zones;
    }

    /** From now on batches of this zone are done. */
    void watch(Zone zone, Witness witness) {
        watched.put(zone.id(), new Watched(zone, witness));
    }

    /** The calls so far. */
    synchronized List<Seen> seen() {
        return List.copyOf(seen);
    }

    List<Seen> seen(String caller) {
        return seen().stream().filter(call -> call.caller().equals(caller)).toList();
    }

    /** The next call of this name by this one is held. */
    synchronized Hold hold(String caller, String name, Side side) {
        Hold hold = new Hold(caller, name, side);
        holds.add(hold);
        return hold;
    }

    private synchronized Optional<Hold> came(Call call) {
        seen.add(new Seen(call.caller(), call.name(), call.about(), System.nanoTime()));
        Optional<Hold> found = holds.stream()
                .filter(hold -> hold.caller.equals(call.caller()) && hold.name.equals(call.name()))
                .findFirst();
        found.ifPresent(holds::remove);
        return found;
    }

    @Override
    Optional<Answer> answer(Call call) throws IOException, InterruptedException {
        Optional<Hold> hold = came(call);
        return hold.isPresent() ? hold.get().through(call) : Optional.of(done(call));
    }

    private Answer done(Call call) throws IOException, InterruptedException {
        if (!call.name().equals("ChangeResourceRecordSets")) {
            return call.pass();
        }
        Watched one = watched.get(call.about());
        if (one == null) {
            return Answer.error(404, "NoSuchHostedZone", "nobody watches " + call.about());
        }
        synchronized (one) {
            FakeZone strict = new FakeZone(one.zone());
            List<FakeZone.Step> batch;
            try {
                zones.sets(one.zone()).forEach(strict::put);
                zones.healthChecks().forEach(check -> strict.healthCheck(check.id()));
                batch = FakeXml.steps(call.body());
                strict.change(batch);
            } catch (FakeZone.Refusal refused) {
                return Answer.error(400, refused.code, String.valueOf(refused.getMessage()));
            } catch (Exception e) {
                throw new IOException(e);
            }
            Answer answer = call.pass(overwriting(call.body()));
            if (answer.status() == 200) {
                one.witness().done(batch, strict.all());
            }
            return answer;
        }
    }

    /** moto refuses to create what it has created before, whether that stands there or not: here it is known that it does not. */
    private static byte[] overwriting(byte[] body) {
        return new String(body, StandardCharsets.UTF_8)
                .replace("<Action>CREATE</Action>", "<Action>UPSERT</Action>")
                .getBytes(StandardCharsets.UTF_8);
    }

    /** A call that is to be held, or is. */
    final class Hold {
        private final String caller;
        private final String name;
        private final Side side;
        private final CompletableFuture<Long> reachedAt = new CompletableFuture<>();
        private final CountDownLatch over = new CountDownLatch(1);
        private final CompletableFuture<Answer> answer = new CompletableFuture<>();
        private volatile boolean dropped;

        private Hold(String caller, String name, Side side) {
            this.caller = caller;
            this.name = name;
            this.side = side;
        }

        private Optional<Answer> through(Call call) throws IOException, InterruptedException {
            if (side == Side.BEFORE) {
                await();
                if (dropped) {
                    return Optional.empty();
                }
            }
            Answer said = done(call);
            if (side == Side.AFTER) {
                await();
            }
            answer.complete(said);
            return dropped ? Optional.empty() : Optional.of(said);
        }

        private void await() throws InterruptedException {
            reachedAt.complete(System.nanoTime());
            over.await();
        }

        boolean isReached() {
            return reachedAt.isDone();
        }

        /** For how long it has been held. */
        Duration lasted() {
            return Duration.ofNanos(System.nanoTime() - reachedAt.join());
        }

        /** It goes on. @return what is said to whoever made it */
        Answer letGo() throws InterruptedException, ExecutionException, TimeoutException {
            over.countDown();
            return answer.get(20, TimeUnit.SECONDS);
        }

        /** Nothing more comes of it, and nobody answers. */
        void drop() {
            dropped = true;
            over.countDown();
        }
    }
}
