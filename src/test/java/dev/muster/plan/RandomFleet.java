package dev.muster.plan;

import dev.muster.model.CheckSpec;
import dev.muster.model.Goodbye;
import dev.muster.model.InstanceId;
import dev.muster.model.InstanceState;
import dev.muster.model.Registration;
import dev.muster.model.Run;
import dev.muster.model.Target;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A service whose instances come, say goodbye, expire, move, fail, drain and answer or not, all by one seed. */
final class RandomFleet {

    private final Random random;
    private final int most;
    private final NavigableMap<Target, Wanted> wanted = new TreeMap<>();
    private final Map<InstanceId, Goodbye> goodbyes = new HashMap<>();
    private final Map<Target, ProbeResult> probes = new HashMap<>();
    private NavigableMap<Target, Serving> serving = new TreeMap<>();
    private Instant now = Scene.NOW;
    private int runs;

    RandomFleet(int seed) {
        random = new Random(seed);
        most = 1 + random.nextInt(12);
        int begin = random.nextInt(most + 1);
        for (int i = 0; i < begin; i++) {
            register(i);
        }
    }

    void step() {
        // Never exactly an hour after anything: two sizes at one instant are kept a millisecond apart.
        now = now.plusSeconds(11)
                .plus(Duration.ofMinutes(random.nextInt(4) == 0 ? random.nextInt(90) : random.nextInt(5)));
        int changes = random.nextInt(1 + most);
        boolean massExpiry = random.nextInt(8) == 0;
        for (int i = 0; i < changes; i++) {
            switch (random.nextInt(6)) {
                case 0, 1 -> register(random.nextInt(most));
                case 2 -> sayGoodbye();
                case 3 -> change();
                default -> expire();
            }
        }
        if (massExpiry) {
            wanted.clear();
        }
        for (Target target : serving.keySet()) {
            probes.put(target, any(List.of(ProbeResult.values())));
        }
    }

    /** The instance of this number, at an endpoint that is mostly its own and may be another's. */
    private void register(int number) {
        InstanceId id = new InstanceId("web", "i" + number);
        wanted.values().removeIf(one -> one.as().instance().equals(id));
        goodbyes.remove(id);
        Target target = new Target("10.0.0.1", 18000 + (random.nextInt(5) == 0 ? random.nextInt(most) : number));
        wanted.put(
                target,
                new Wanted(
                        new TargetState(id, InstanceState.UP, 100),
                        "",
                        new Run(id.instance(), String.valueOf(runs++)),
                        CheckSpec.TCP,
                        "host1"));
    }

    private void sayGoodbye() {
        any().ifPresent(target -> {
            Wanted one = wanted.remove(target);
            if (one != null) {
                InstanceId id = one.as().instance();
                goodbyes.put(id, new Goodbye(id, Goodbye.Reason.ENDED, "host1", one.run()));
            }
        });
    }

    private void expire() {
        any().ifPresent(wanted::remove);
    }

    private void change() {
        InstanceState state = any(List.of(InstanceState.values()));
        String reason = random.nextBoolean() ? Registration.REASON_CHECK : Registration.REASON_PAUSED;
        any().ifPresent(target -> wanted.computeIfPresent(
                target,
                (at, one) -> new Wanted(
                        new TargetState(one.as().instance(), state, one.as().weight()),
                        reason,
                        one.run(),
                        one.check(),
                        one.owner())));
    }

    private Optional<Target> any() {
        List<Target> targets = new ArrayList<>(wanted.keySet());
        return targets.isEmpty() ? Optional.empty() : Optional.of(any(targets));
    }

    private <T> T any(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    Facts facts(Optional<Sizes> sizes) {
        return new Facts(
                now,
                random.nextInt(10) > 0,
                random.nextInt(10) > 0 ? Instant.MIN : now.plusSeconds(20),
                new TreeMap<>(serving),
                new TreeMap<>(wanted),
                Map.copyOf(goodbyes),
                Map.copyOf(probes),
                random.nextInt(50) > 0 ? sizes : Optional.empty(),
                random.nextInt(20) == 0
                        ? serving.keySet().stream().collect(Collectors.toMap(target -> target, target -> "a person"))
                        : Map.of());
    }

    void becomes(Decision decision) {
        serving = new TreeMap<>(decision.serving());
    }

    /** Whether what stands there has left with a goodbye for the run that stands there. */
    static boolean saidGoodbye(Facts facts, Target target) {
        Serving one = facts.serving().get(target);
        if (one == null || facts.wanted().containsKey(target)) {
            return false;
        }
        Goodbye goodbye = facts.goodbyes().get(one.as().instance());
        return goodbye != null && one.run().equals(Optional.of(goodbye.run()));
    }
}
