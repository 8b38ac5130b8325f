package dev.muster.watcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.model.InstanceState;
import dev.muster.model.Protocol;
import dev.muster.model.Route;
import dev.muster.model.Target;
import dev.muster.plan.Decision;
import dev.muster.plan.Facts;
import dev.muster.plan.Guard;
import dev.muster.plan.ProbeResult;
import dev.muster.plan.ServiceTargets;
import dev.muster.plan.Sizes;
import dev.muster.plan.TargetState;
import dev.muster.registry.Applied;
import dev.muster.testkit.Histories;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/** The same happens to two worlds; in one of them the registry says at every look that every service has changed. */
final class TwinHistory implements Histories.History {

    private static final List<String> SERVICES = List.of("app", "db", "web");
    private static final List<Route> ROUTES = List.of(new Route("www.example.com", "", 0), new Route("", "/api", 0));
    private static final List<InstanceState> STATES = List.of(InstanceState.values());
    private static final List<ProbeResult> ANSWERS = List.of(ProbeResult.values());
    private static final int STEPS = 40;
    private static final int INSTANCES = 4;

    private final RandomGenerator random;
    private final LongAdder skipped;
    private final Counting skipping = new Counting();
    private final Counting thorough = new Counting();
    private final List<Counting> both = List.of(skipping, thorough);
    private final List<String> happened = new ArrayList<>();

    /** A world whose guard is asked so many times. */
    private static final class Counting {
        private long asked;
        private final World world = new World(this::decide);

        private Decision decide(Facts facts) {
            asked++;
            return Guard.decide(facts);
        }
    }

    /** @param skipped how many decisions one of them has saved */
    TwinHistory(long seed, LongAdder skipped) {
        this.skipped = skipped;
        this.random = new SplittableRandom(seed);
    }

    @Override
    public void run() {
        for (int step = 0; step < STEPS; step++) {
            befall();
            for (int pass = 1 + random.nextInt(3); pass > 0; pass--) {
                Duration pause = Duration.ofMillis(random.nextInt(4) == 0 ? random.nextInt(90_000) : 100);
                happen("look after " + pause.toMillis(), world -> world.after(pause));
                passes();
                compare();
            }
        }
        skipped.add(thorough.asked - skipping.asked);
    }

    private void befall() {
        String service = SERVICES.get(random.nextInt(SERVICES.size()));
        int number = INSTANCES * SERVICES.indexOf(service) + random.nextInt(INSTANCES);
        int run = 1 + random.nextInt(3);
        boolean yes = random.nextBoolean();
        switch (random.nextInt(25)) {
            case 0, 1, 2, 3, 4, 5 -> {
                InstanceState state = STATES.get(random.nextInt(STATES.size()));
                Protocol protocol = random.nextInt(8) == 0 ? Protocol.TCP : Protocol.HTTP;
                Route[] routes =
                        ROUTES.stream().filter(route -> random.nextInt(4) == 0).toArray(Route[]::new);
                change(
                        "put %s %d run %d %s %s %s".formatted(service, number, run, state, protocol, List.of(routes)),
                        world -> world.put(
                                service,
                                number,
                                run,
                                state,
                                state == InstanceState.DOWN ? "check" : "",
                                protocol,
                                routes));
            }
            case 6, 7 -> change("expire " + number, world -> world.expire(service, number));
            case 8, 9 -> change("goodbye " + number, world -> world.sayGoodbye(service, number, run));
            case 10 -> {
                String value = yes ? "www.example.com" : random.nextBoolean() ? "no route" : null;
                change("route of %s: %s".formatted(service, value), world -> world.set(service, "route", value));
            }
            case 11 -> {
                Route[] routes = yes ? new Route[] {ROUTES.get(random.nextInt(ROUTES.size()))} : new Route[0];
                change("routes to " + service, world -> world.routes(service, "lb1", routes));
            }
            case 12, 13 ->
                happen(
                        "a hand takes " + number,
                        world -> world.provider.edit(service, targets -> targets.remove(World.target(number))));
            case 14 ->
                happen(
                        "a hand gives %s %s".formatted(service, yes),
                        world -> world.outside.computeIfPresent(
                                service, (name, there) -> there.withRoutes(yes ? ROUTES : List.of())));
            case 15 -> {
                happen("somebody deletes the record of " + service, world -> {
                    world.progress.forget(service, World.PROVIDER, World.WATCHER);
                    world.after(Duration.ofSeconds(61)); // then records are read again
                });
                passes();
            }
            case 16 -> trouble("the provider is away", world -> world.provider.outage(Optional.of("down")));
            case 17 -> trouble("records are not taken", world -> world.progress.outage(Optional.of("down")));
            case 18 -> trouble("the provider is cut short", world -> world.provider.cutShortAfter(number));
            case 19 -> happen("in sync: " + yes, world -> world.synced(yes));
            case 20 ->
                change("unsettled, " + yes, world -> {
                    if (yes) {
                        world.loseSettings();
                    }
                    world.unsettledFor(Duration.ofSeconds(30));
                });
            case 21 -> happen("restart", World::restart);
            case 22 ->
                happen(
                        "a hand takes or makes the whole of " + service,
                        world -> world.outside.compute(service, (name, there) -> there == null ? made(name) : null));
            default -> {
                ProbeResult answer = ANSWERS.get(random.nextInt(ANSWERS.size()));
                happen("%d answers %s".formatted(number, answer), world -> world.answer(answer, number));
            }
        }
    }

    private static ServiceTargets made(String service) {
        SortedMap<Target, TargetState> targets = new TreeMap<>();
        targets.put(World.target(90), new TargetState(World.id(service, 90), InstanceState.UP, 100));
        return new ServiceTargets(service, Protocol.HTTP, List.of(), targets);
    }

    /** Who is asked less often fails less often and waits less long: what becomes of both shows once all is well again. */
    private void trouble(String what, Consumer<World> trouble) {
        happen(what, trouble);
        befall();
        passes();
        happen("it is over", world -> {
            world.provider.outage(Optional.empty());
            world.provider.cutShortAfter(Integer.MAX_VALUE);
            world.progress.outage(Optional.empty());
        });
        for (int i = 0; i < 3; i++) {
            happen("a while", world -> world.after(Duration.ofSeconds(20)));
            passes();
        }
    }

    private void passes() {
        thorough.world.changeAll();
        both.forEach(twin -> twin.world.pass());
    }

    /** In the registry, which both see. */
    private void change(String what, Consumer<World> change) {
        happen(what, change.andThen(World::publish));
    }

    private void happen(String what, Consumer<World> change) {
        happened.add(what);
        both.forEach(twin -> change.accept(twin.world));
    }

    private void compare() {
        assertThat(skipping.world.outside).isEqualTo(thorough.world.outside);
        assertThat(skipping.world.status.holds()).containsExactlyInAnyOrderElementsOf(thorough.world.status.holds());
        assertThat(skipping.world.status.refusals()).isEqualTo(thorough.world.status.refusals());
        assertThat(skipping.world.probes.followed()).isEqualTo(thorough.world.probes.followed());
        assertThat(recorded(skipping.world)).isEqualTo(recorded(thorough.world));
    }

    /** All that the records say but revisions and times. */
    private static Map<String, String> recorded(World world) {
        Map<String, String> recorded = new TreeMap<>();
        for (String service : SERVICES) {
            world.progress.record(service, World.PROVIDER, World.WATCHER).ifPresent(record -> {
                String targets =
                        record.targets().stream().map(TwinHistory::text).collect(Collectors.joining(" "));
                int largest = new Sizes(record.sizes()).largest(world.time.now());
                recorded.put(
                        service,
                        "%s %s %s %d %s"
                                .formatted(targets, record.held(), record.failOpen(), largest, record.leaving()));
            });
        }
        return recorded;
    }

    private static String text(Applied.Entry entry) {
        return "%s %s %s %s %d".formatted(entry.instance(), entry.target(), entry.run(), entry.state(), entry.weight());
    }

    @Override
    public String toString() {
        return String.join("; ", happened);
    }
}
