package dev.muster.watcher;

import dev.muster.registry.Election;
import dev.muster.registry.Term;

/** One term in which this watcher leads a group. Once over it is so for good: what was known in it may have changed since. */
record Mandate(Election election, Term term) {

    boolean holds() {
        return election.term().filter(term::equals).isPresent();
    }
}
