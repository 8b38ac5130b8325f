package dev.muster.agent;

import dev.muster.model.Goodbye;
import dev.muster.model.InstanceId;
import dev.muster.model.Registration;
import dev.muster.registry.RegistrationStore.Held;
import java.util.Optional;

/** One transaction that brings the registry closer to what runs here. Data, not action. */
sealed interface Step {

    InstanceId id();

    /** @param seen what it replaces, empty for a first write */
    record Publish(Registration registration, Optional<Held> seen) implements Step {
        @Override
        public InstanceId id() {
            return registration.id();
        }
    }

    record Withdraw(Held held, Goodbye goodbye) implements Step {
        @Override
        public InstanceId id() {
            return held.id();
        }
    }

    /** Its keys have expired already; that it was meant to go is still worth saying. */
    record LateGoodbye(Goodbye goodbye) implements Step {
        @Override
        public InstanceId id() {
            return goodbye.id();
        }
    }
}
