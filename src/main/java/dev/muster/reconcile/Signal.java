package dev.muster.reconcile;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * "Look again", from any thread, at everything or at named subjects. An event never becomes a command: it only raises the
 * signal, and a burst of events is one look. Nothing is delayed: what arrives during a look is the next look.
 */
public final class Signal {

    /**
     * What to look at.
     *
     * @param everything whether the whole source must be read again
     * @param subjects what has been named since the last look, oldest first
     */
    public record Look(boolean everything, Set<String> subjects) {
        public boolean nothing() {
            return !everything && subjects.isEmpty();
        }
    }

    private final Set<String> subjects = new LinkedHashSet<>();
    private boolean everything;
    private boolean raised;

    /** Look at everything. */
    public synchronized void raise() {
        everything = true;
        raised = true;
        notifyAll();
    }

    /** Look at this subject. */
    public synchronized void raise(String subject) {
        subjects.add(subject);
        raised = true;
        notifyAll();
    }

    /** Wake the loop although nothing needs to be read again: a timer or a check has news. */
    public synchronized void wake() {
        raised = true;
        notifyAll();
    }

    /** Waits until raised, at most {@code atMost}, and takes what was raised. */
    public synchronized Look await(Duration atMost) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (!raised) {
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                break;
            }
            wait(left / 1_000_000, (int) (left % 1_000_000));
        }
        Look look = new Look(everything, Collections.unmodifiableSet(new LinkedHashSet<>(subjects)));
        everything = false;
        raised = false;
        subjects.clear();
        return look;
    }
}
