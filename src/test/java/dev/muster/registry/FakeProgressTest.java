package dev.muster.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class FakeProgressTest extends ProgressContract {

    private final FakeProgress progress = new FakeProgress();

    @Override
    protected Progress progress() {
        return progress;
    }

    @Test
    void anOutageShowsAsAnErrorAndChangesNothing() throws RegistryException {
        progress.write(record("web", 7, NOON));
        progress.outage(Optional.of("timed out"));
        assertThatThrownBy(() -> progress.write(record("web", 8, NOON))).hasMessage("timed out");
        assertThatThrownBy(progress::records).isInstanceOf(RegistryException.class);
        progress.outage(Optional.empty());
        assertThat(progress.records()).containsExactly(record("web", 7, NOON));
        assertThat(progress.takeWrites()).hasSize(1);
    }
}
