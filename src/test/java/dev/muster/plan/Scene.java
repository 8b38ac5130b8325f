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
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A short hand for the guard's facts. An instance is one letter, and stands at the endpoint of that letter:
 *
 * <pre>
 *   a    up                       a@z   at z's endpoint
 *   a~   draining                 a#2   its second run
 *   a_   down, its check fails    a#?   no record says which run
 *   a=   down, paused             a-20  missing for 20 minutes (and so held until now)
 * </pre>
 */
final class Scene {

    static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");

    /** One token, taken apart. */
    private record Token(InstanceId id, Target target, InstanceState state, String reason, String run, int missing) {

        static Token parse(String text) {
            String name = text.substring(0, 1);
            InstanceState state = InstanceState.UP;
            String reason = "";
            String run = "1";
            String at = name;
            int missing = -1;
            for (int i = 1; i < text.length(); i++) {
                switch (text.charAt(i)) {
                    case '~' -> state = InstanceState.DRAINING;
                    case '_' -> {
                        state = InstanceState.DOWN;
                        reason = Registration.REASON_CHECK;
                    }
                    case '=' -> {
                        state = InstanceState.DOWN;
                        reason = Registration.REASON_PAUSED;
                    }
                    case '@' -> at = text.substring(++i, i + 1);
                    case '#' -> run = text.substring(++i, i + 1);
                    case '-' -> {
                        missing = Integer.parseInt(text.substring(i + 1));
                        i = text.length();
                    }
                    default -> throw new IllegalArgumentException(text);
                }
            }
            return new Token(new InstanceId("web", name), Scene.target(at), state, reason, run, missing);
        }

        TargetState as() {
            return new TargetState(id, state, 100);
        }

        Run theRun() {
            return new Run(id.instance(), run);
        }
    }

    private Scene() {}

    static Target target(String letter) {
        return new Target("10.0.0.1", 18000 + letter.charAt(0));
    }

    static String letter(Target target) {
        return String.valueOf((char) (target.port() - 18000));
    }

    static List<String> words(String text) {
        return text.isBlank() ? List.of() : Arrays.asList(text.strip().split(" +"));
    }

    static SortedMap<Target, Serving> serving(String text) {
        SortedMap<Target, Serving> serving = new TreeMap<>();
        for (String word : words(text)) {
            Token one = Token.parse(word);
            serving.put(
                    one.target(),
                    new Serving(
                            one.as(),
                            one.run().equals("?") ? Optional.empty() : Optional.of(one.theRun()),
                            CheckSpec.TCP,
                            "host1",
                            one.missing() < 0
                                    ? Optional.empty()
                                    : Optional.of(NOW.minus(Duration.ofMinutes(one.missing())))));
        }
        return serving;
    }

    static SortedMap<Target, Wanted> wanted(String text) {
        SortedMap<Target, Wanted> wanted = new TreeMap<>();
        for (String word : words(text)) {
            Token one = Token.parse(word);
            wanted.put(one.target(), new Wanted(one.as(), one.reason(), one.theRun(), CheckSpec.TCP, "host1"));
        }
        return wanted;
    }

    static Map<InstanceId, Goodbye> goodbyes(String text) {
        return words(text).stream()
                .map(Token::parse)
                .collect(Collectors.toMap(
                        Token::id, one -> new Goodbye(one.id(), Goodbye.Reason.ENDED, "host1", one.theRun())));
    }

    /** {@code a:silent b:tcp c:check}. */
    static Map<Target, ProbeResult> probes(String text) {
        return words(text).stream()
                .collect(Collectors.toMap(word -> target(word.substring(0, 1)), word -> switch (word.substring(2)) {
                    case "silent" -> ProbeResult.SILENT;
                    case "tcp" -> ProbeResult.BARE_TCP;
                    case "check" -> ProbeResult.CHECK_PASSES;
                    default -> throw new IllegalArgumentException(word);
                }));
    }

    /** {@code hour:10} was the size until now, {@code hour:10-70} it was until 70 minutes ago, and what is there since. */
    static Sizes sizes(String word, int since) {
        String[] parts = word.substring("hour:".length()).split("-");
        SortedMap<Instant, Integer> points = new TreeMap<>();
        points.put(NOW.minus(Duration.ofHours(5)), Integer.parseInt(parts[0]));
        if (parts.length == 2) {
            points.put(NOW.minus(Duration.ofMinutes(Integer.parseInt(parts[1]))), since);
        }
        return new Sizes(points);
    }

    /** The targets in the short hand: {@code a b~ c_}, with the endpoint where it is not the instance's own. */
    static String show(SortedMap<Target, Serving> serving) {
        return serving.entrySet().stream()
                .map(entry -> show(entry.getKey(), entry.getValue().as()))
                .collect(Collectors.joining(" "));
    }

    private static String show(Target target, TargetState as) {
        String name = as.instance().instance();
        String at = letter(target);
        return name
                + (at.equals(name) ? "" : "@" + at)
                + switch (as.state()) {
                    case UP -> "";
                    case DRAINING -> "~";
                    case DOWN -> "_";
                };
    }
}
