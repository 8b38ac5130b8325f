package dev.muster.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What every {@link Seat} promises. */
public abstract class SeatContract {

    /** The same seat for two watchers, {@code lb1} and {@code lb2}. */
    protected abstract Seat seat();

    protected abstract Seat other();

    /** A person writes into the seat, under no lease. */
    protected abstract void scribble();

    @Test
    void aSeatThatNobodyHasIsTakenOnce() throws RegistryException {
        Seat.Standing vacant = seat().look();
        assertThat(vacant.occupant()).isEmpty();
        Seat.Lease lease = seat().grant();
        Seat.Lease another = other().grant();
        long version = seat().take(vacant, vacant.lastEpoch() + 7, lease).orElseThrow();
        assertThat(other().take(vacant, vacant.lastEpoch() + 8, another)).isEmpty();
        Seat.Standing taken = other().look();
        assertThat(taken.occupant()).contains(new Seat.Occupant("lb1", vacant.lastEpoch() + 7, lease.id()));
        assertThat(taken.version()).isEqualTo(version);
        assertThat(taken.lastEpoch()).isEqualTo(vacant.lastEpoch() + 7);
        assertThat(lease.left()).isPositive();
    }

    @Test
    void whoLeavesLeavesItsOwnSeatAloneAndTheEpochStays() throws RegistryException {
        Seat.Standing vacant = seat().look();
        Seat.Lease lease = seat().grant();
        long first = seat().take(vacant, vacant.lastEpoch() + 1, lease).orElseThrow();
        long second = seat().take(seat().look(), vacant.lastEpoch() + 2, lease).orElseThrow();
        assertThat(second).isGreaterThan(first);
        String group = seat().group();
        seat().leave(new Term(group, vacant.lastEpoch() + 2, first));
        assertThat(seat().look().occupant()).isPresent();
        seat().leave(new Term(group, vacant.lastEpoch() + 1, second));
        assertThat(seat().look().occupant())
                .as("a version of before its registry was wiped")
                .isPresent();
        seat().leave(new Term(group, vacant.lastEpoch() + 2, second));
        Seat.Standing left = seat().look();
        assertThat(left.occupant()).isEmpty();
        assertThat(left.version()).isZero();
        assertThat(left.lastEpoch()).isEqualTo(vacant.lastEpoch() + 2);
    }

    @Test
    void whatAPersonWroteThereIsNobodysAndIsOverwrittenByCompare() throws RegistryException {
        scribble();
        Seat.Standing scribbled = seat().look();
        assertThat(scribbled.occupant()).isEmpty();
        assertThat(scribbled.version()).isPositive();
        assertThat(seat().take(scribbled, scribbled.lastEpoch() + 1, seat().grant()))
                .isPresent();
    }

    @Test
    void underALeaseThatIsNotThereNothingIsTaken() throws RegistryException {
        Seat.Standing vacant = seat().look();
        Seat.Lease unknown = new Seat.Lease() {
            @Override
            public long id() {
                return 4711;
            }

            @Override
            public Duration left() {
                return Duration.ZERO;
            }

            @Override
            public void close() {}
        };
        assertThatThrownBy(() -> seat().take(vacant, vacant.lastEpoch() + 1, unknown))
                .isInstanceOf(RegistryException.class)
                .hasMessageContaining("not found");
        assertThat(seat().look()).isEqualTo(vacant);
    }
}
