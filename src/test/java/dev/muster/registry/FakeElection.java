package dev.muster.registry;

import java.time.Duration;
import java.util.Optional;

/** An election that ends as a test says. */
public final class FakeElection implements Election {

    private final String group;
    private final FakeProgress progress;
    private Optional<Term> term = Optional.empty();
    private int advanced;
    private boolean underWay;

    /** @param progress where the leader's writes are compared */
    public FakeElection(String group, FakeProgress progress) {
        this.group = group;
        this.progress = progress;
    }

    /** This watcher leads from now on. */
    public void lead(long epoch) {
        Term now = new Term(group, epoch, epoch);
        term = Optional.of(now);
        progress.leads(now);
    }

    /** Another one leads from now on, and this watcher knows. */
    public void depose(long epoch) {
        term = Optional.empty();
        progress.leads(new Term(group, epoch, epoch));
    }

    /** So often something was finished. */
    public int advances() {
        return advanced;
    }

    public boolean isUnderWay() {
        return underWay;
    }

    @Override
    public String group() {
        return group;
    }

    @Override
    public Optional<Term> term() {
        return term;
    }

    @Override
    public Duration left() {
        return term.isPresent() ? Duration.ofSeconds(10) : Duration.ZERO;
    }

    @Override
    public Optional<String> leader() {
        return Optional.empty();
    }

    @Override
    public Optional<Term> surpassed(long seen) {
        if (term.isPresent()) {
            lead(seen + 1);
        }
        return term;
    }

    @Override
    public void begun() {
        underWay = true;
    }

    @Override
    public void advanced() {
        advanced++;
    }

    @Override
    public void ended() {
        underWay = false;
    }
}
