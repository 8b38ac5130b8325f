package dev.muster.provider;

import java.time.Duration;
import java.util.OptionalLong;

/** Who may write to a target that several watchers share: what a provider of such a target is told of it. Used by one thread. */
public interface Leadership {

    /** The group that it is elected in: watchers with the same group write to the same targets. */
    String group();

    /** The epoch in which this watcher leads, at least 1; empty while another one does, or nobody. A later leader's is higher. */
    OptionalLong epoch();

    /**
     * For how long at least it still leads if nothing more is heard from etcd, zero where it does not: a call that must not
     * arrive late is begun only where its time-out is shorter than this.
     */
    Duration left();

    /**
     * A target carries an epoch above ours: the leader's key is looked at. If that is still ours, etcd has lost its past, and
     * we lead from now on in an epoch above that one; otherwise we have been deposed, and {@link #epoch} is empty.
     *
     * @param seen the epoch that the target carries
     * @return the epoch in which this watcher leads now
     */
    OptionalLong surpassed(long seen);

    /**
     * Something is done, such as one call: leadership is not renewed while a pass goes on for a minute without that. A pass
     * that ends, and each binding, count without being told.
     */
    default void worked() {}
}
