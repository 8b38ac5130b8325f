package dev.muster.cli;

import java.util.List;
import java.util.Optional;

/**
 * What a watcher would do.
 *
 * @param unfinished why it could not be looked at to the end, in words
 */
public record Rehearsal(List<Foreseen> targets, Optional<String> unfinished) {

    public Rehearsal {
        targets = List.copyOf(targets);
    }

    /** The same, as far as it is about one service, where one is given. */
    Rehearsal about(Optional<String> service) {
        return service.isEmpty()
                ? this
                : new Rehearsal(
                        targets.stream().map(one -> one.about(service.get())).toList(), unfinished);
    }

    boolean inStep() {
        return targets.stream().allMatch(Foreseen::inStep);
    }

    /** 10 where anything would change, then 4 where something is held, then 1 where something is refused. */
    public int exitCode() {
        if (targets.stream().anyMatch(one -> !one.effects().isEmpty())) {
            return ExitCode.CHANGES;
        }
        if (targets.stream().anyMatch(one -> !one.held().isEmpty())) {
            return ExitCode.HELD;
        }
        return targets.stream().allMatch(one -> one.refused().isEmpty()) ? ExitCode.DONE : ExitCode.FAILED;
    }

    /** The same in words, for whoever has only the last line. */
    public String ending() {
        return switch (exitCode()) {
            case ExitCode.DONE -> "all is in step";
            case ExitCode.CHANGES -> "all is said: something would change";
            case ExitCode.HELD ->
                "in step, but for what the guard holds: %d"
                        .formatted(targets.stream()
                                .mapToInt(one -> one.held().size())
                                .sum());
            default ->
                "in step, but for what is refused: %d"
                        .formatted(targets.stream()
                                .mapToInt(one -> one.refused().size())
                                .sum());
        };
    }
}
