package dev.muster.watcher;

import dev.muster.provider.Leadership;
import dev.muster.registry.Election;
import dev.muster.registry.Term;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/** What a provider of a shared target is told of its group's election. */
public final class GroupLeadership implements Leadership {

    private final Election election;

    public GroupLeadership(Election election) {
        this.election = election;
    }

    @Override
    public String group() {
        return election.group();
    }

    @Override
    public OptionalLong epoch() {
        return epoch(election.term());
    }

    @Override
    public Duration left() {
        return election.left();
    }

    @Override
    public OptionalLong surpassed(long seen) {
        return epoch(election.surpassed(seen));
    }

    @Override
    public void worked() {
        election.advanced();
    }

    private static OptionalLong epoch(Optional<Term> term) {
        return term.map(now -> OptionalLong.of(now.epoch())).orElse(OptionalLong.empty());
    }
}
