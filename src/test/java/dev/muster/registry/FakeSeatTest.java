package dev.muster.registry;

import dev.muster.reconcile.FakeTime;
import java.time.Duration;

final class FakeSeatTest extends SeatContract {

    private final FakeGroup group = new FakeGroup(new FakeTime(), Duration.ofSeconds(10), WrongElection.NONE);
    private final FakeSeat seat = seat("lb1");
    private final FakeSeat other = seat("lb2");

    private FakeSeat seat(String watcher) {
        return new FakeSeat(
                group,
                watcher,
                new FakeSeat.Wire() {
                    @Override
                    public <T> T carry(FakeSeat.Call<T> call) throws RegistryException {
                        return call.make();
                    }
                },
                lease -> {});
    }

    @Override
    protected Seat seat() {
        return seat;
    }

    @Override
    protected Seat other() {
        return other;
    }

    @Override
    protected void scribble() {
        group.scribble();
    }
}
