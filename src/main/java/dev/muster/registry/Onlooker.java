package dev.muster.registry;

import java.time.Duration;
import java.util.Optional;

/** Stands for no election and decides as if it had won: for who changes nothing, whoever leads. */
public final class Onlooker implements Election {

    private static final Duration AS_LONG_AS_IT_RUNS = Duration.ofDays(1);

    private final Term term;

    public Onlooker(String group) {
        this.term = new Term(group, 1, 0);
    }

    @Override
    public String group() {
        return term.group();
    }

    @Override
    public Optional<Term> term() {
        return Optional.of(term);
    }

    @Override
    public Duration left() {
        return AS_LONG_AS_IT_RUNS;
    }

    @Override
    public Optional<String> leader() {
        return Optional.empty();
    }

    /** Whoever writes has a higher one. */
    @Override
    public Optional<Term> surpassed(long seen) {
        return term();
    }

    @Override
    public void begun() {}

    @Override
    public void advanced() {}

    @Override
    public void ended() {}
}
