package dev.muster.registry;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** A {@link Seat} over a {@link FakeGroup}, by a wire that may lose or delay what it carries. */
final class FakeSeat implements Seat {

    /** What is done at the registry. */
    interface Call<T> {
        T make() throws RegistryException;
    }

    /** Carries calls there and answers back. */
    interface Wire {
        <T> T carry(Call<T> call) throws RegistryException;
    }

    /** One that a test renews. */
    final class FakeLease implements Lease {
        private final long id;
        private long renewedNanos;
        private boolean dead;
        private boolean closed;

        private FakeLease(long id, long sentNanos) {
            this.id = id;
            this.renewedNanos = sentNanos;
        }

        @Override
        public long id() {
            return id;
        }

        @Override
        public Duration left() {
            Duration age = group.time.elapsed(renewedNanos);
            boolean over = age.compareTo(group.ttl) >= 0 && group.wrong != WrongElection.WITHOUT_DEADLINE;
            return dead || over ? Duration.ZERO : age.compareTo(group.ttl) < 0 ? group.ttl.minus(age) : group.ttl;
        }

        @Override
        public void close() {
            closed = true;
        }

        boolean isClosed() {
            return closed;
        }

        /** A renewal that was sent then was answered. */
        void renewed(long sentNanos) {
            renewedNanos = Math.max(renewedNanos, sentNanos);
        }

        /** The registry does not know it, or nobody has renewed it in time. */
        void die() {
            if (!dead) {
                dead = true;
                listener.disturbed();
            }
        }
    }

    private final FakeGroup group;
    private final String watcher;
    private final Wire wire;
    private final Consumer<FakeLease> renewing;
    private final List<FakeLease> granted = new ArrayList<>();
    private Listener listener = new Listener() {
        @Override
        public void disturbed() {}

        @Override
        public void replaced() {}
    };
    private boolean followed;

    /** @param renewing is to renew each lease from now on */
    FakeSeat(FakeGroup group, String watcher, Wire wire, Consumer<FakeLease> renewing) {
        this.group = group;
        this.watcher = watcher;
        this.wire = wire;
        this.renewing = renewing;
    }

    /** Every lease that was granted here, oldest first. */
    List<FakeLease> granted() {
        return granted;
    }

    Listener listener() {
        return listener;
    }

    /** Whether changes are to be told. */
    boolean isFollowed() {
        return followed;
    }

    @Override
    public String group() {
        return "dns";
    }

    @Override
    public Duration ttl() {
        return group.ttl;
    }

    @Override
    public Standing look() throws RegistryException {
        return wire.carry(group::look);
    }

    @Override
    public Lease grant() throws RegistryException {
        long sent = group.time.nanos();
        FakeLease lease = new FakeLease(wire.carry(group::grant), sent);
        granted.add(lease);
        renewing.accept(lease);
        return lease;
    }

    @Override
    public Optional<Long> take(Standing seen, long epoch, Lease under) throws RegistryException {
        try {
            return wire.carry(() -> group.take(seen, watcher, epoch, under.id()));
        } catch (RegistryException e) {
            if (String.valueOf(e.getMessage()).contains("not found")) {
                granted.stream().filter(lease -> lease.id() == under.id()).forEach(FakeLease::die);
            }
            throw e;
        }
    }

    @Override
    public void leave(Term term) throws RegistryException {
        wire.carry(() -> {
            group.leave(term);
            return true;
        });
    }

    @Override
    public void listen(Listener newListener) {
        listener = newListener;
    }

    @Override
    public void follow(long revision) {
        followed = true;
    }

    @Override
    public void close() {
        followed = false;
    }
}
