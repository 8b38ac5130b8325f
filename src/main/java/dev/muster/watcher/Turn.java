package dev.muster.watcher;

import dev.muster.registry.Election;
import dev.muster.registry.Term;
import java.util.Optional;
import java.util.function.Function;

/**
 * When a provider is steered: always, or, where its target is shared, while this watcher leads. Each term is steered by one
 * that knows nothing yet, as after a start: meanwhile others have steered.
 */
interface Turn {

    /** Who steers now, empty while it is another watcher's turn. */
    Optional<Steering> now();

    /** For a target that is nobody else's. */
    static Turn always(Steering steering) {
        Optional<Steering> same = Optional.of(steering);
        return () -> same;
    }

    /**
     * For one that is shared.
     *
     * @param begin makes the one that steers for a term
     * @param end told when it is no longer this watcher's turn, and at first
     */
    static Turn ofLeader(Election election, Function<Mandate, Steering> begin, Runnable end) {
        return new Turn() {
            private Optional<Term> term = Optional.empty();
            private Optional<Steering> steering = Optional.empty();
            private boolean looked;

            @Override
            public Optional<Steering> now() {
                Optional<Term> newest = election.term();
                if (!looked || !newest.equals(term)) {
                    looked = true;
                    term = newest;
                    steering = newest.map(now -> begin.apply(new Mandate(election, now)));
                    if (newest.isEmpty()) {
                        end.run();
                    }
                }
                return steering;
            }
        };
    }
}
