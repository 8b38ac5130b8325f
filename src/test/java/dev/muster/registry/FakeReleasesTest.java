package dev.muster.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.model.Target;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FakeReleasesTest extends ReleasesContract {

    private final FakeReleases releases = new FakeReleases();

    @Override
    protected Releases releases() {
        return releases;
    }

    @Test
    void anOutageShowsAsAnErrorAndChangesNothing() throws RegistryException {
        releases.put(release("web", new Target("10.0.0.1", 80)));
        releases.outage(Optional.of("timed out"));
        assertThatThrownBy(releases::standing).hasMessage("timed out");
        releases.outage(Optional.empty());
        assertThat(releases.standing()).hasSize(1);
    }
}
