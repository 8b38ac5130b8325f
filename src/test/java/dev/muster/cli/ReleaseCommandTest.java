package dev.muster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.muster.model.InstanceId;
import dev.muster.model.Target;
import dev.muster.plan.Hold;
import dev.muster.registry.Progress;
import dev.muster.registry.RegistryException;
import dev.muster.registry.UnansweredException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReleaseCommandTest {

    private static final Target AT = new Target("10.0.0.1", 8002);
    private static final Hold HOLD = new Hold(
            new InstanceId("web", "web02"), AT, Instant.EPOCH, "its registration expired, but its check passes");

    private final Called called = new Called();

    @BeforeEach
    void oneIsHeld() {
        called.roles.watchers = List.of(new Progress.Watcher("lb1", "lb1", "0.1.0", List.of("haproxy"), Map.of()));
        called.roles.records = List.of(RecordedRoles.applied("web", 17, List.of(), List.of(HOLD)));
    }

    private void theWatcherObeys() {
        called.roles.onRelease =
                release -> called.roles.records = List.of(RecordedRoles.applied("web", 17, List.of(), List.of()));
    }

    @Test
    void whatIsHeldIsNamedAndGoes() {
        theWatcherObeys();
        assertThat(called.muster("release", "web", "--by", "ops")).isEqualTo(ExitCode.DONE);
        assertThat(called.roles.released).singleElement().satisfies(release -> {
            assertThat(release.service()).isEqualTo("web");
            assertThat(release.provider()).isEqualTo("haproxy");
            assertThat(release.targets()).containsExactly(AT);
            assertThat(release.by()).isEqualTo("ops");
        });
        assertThat(called.out().lines())
                .containsExactly(
                        "INSTANCE  TARGET         PROVIDER  WATCHER  STATUS",
                        "web02     10.0.0.1:8002  haproxy   lb1      gone");
    }

    @Test
    void aReleaseWhoseAnswerIsLostIsNotSaidToHaveFailed() {
        called.roles.releaseFailure =
                Optional.of(new UnansweredException(new RegistryException("put /muster/release/web/haproxy: cut")));
        assertThat(called.muster("release", "web")).isEqualTo(ExitCode.UNKNOWN);
        assertThat(called.err())
                .contains("put /muster/release/web/haproxy: cut; whether it was done is not known."
                        + " To look: muster plan web");
        called.roles.releaseFailure = Optional.of(new RegistryException("etcd refuses: this user may not do that"));
        assertThat(called.muster("release", "web")).isEqualTo(ExitCode.FAILED);
    }

    @Test
    void programsGetTheSame() throws Exception {
        theWatcherObeys();
        assertThat(called.muster("release", "web", "--json")).isEqualTo(ExitCode.DONE);
        JsonNode released = new JsonMapper().readTree(called.out()).get("released");
        assertThat(released).hasSize(1);
        assertThat(released.get(0).get("gone").asBoolean()).isTrue();
        assertThat(called.roles.released.getFirst().by()).contains("@");
    }

    @Test
    void whatIsHeldAllTheSameIsExitCode4() {
        assertThat(called.muster("release", "web", "--wait", "100ms")).isEqualTo(ExitCode.HELD);
        assertThat(called.out()).contains("still held: its registration expired, but its check passes");
        assertThat(called.err()).contains("1 still held after 100ms").contains("stands for the rest of its 10m");
    }

    @Test
    void aWatcherThatIsGoneIsWaitedForInVain() {
        called.roles.watchers = List.of();
        assertThat(called.muster("release", "web", "--wait", "100ms")).isEqualTo(ExitCode.WAITED);
        assertThat(called.err()).contains("a watcher that holds some of it is gone");
    }

    @Test
    void itIsReleasedWhereverItIsHeldUnlessTold() {
        assertThat(called.muster("release", "web", "--provider", "route53,template"))
                .isEqualTo(ExitCode.FAILED);
        assertThat(called.err()).contains("nothing of 'web' is held at route53, template, but at haproxy");
        assertThat(called.roles.released).isEmpty();
        theWatcherObeys();
        assertThat(called.muster("release", "web", "--provider", "haproxy")).isEqualTo(ExitCode.DONE);
        assertThat(called.roles.released).hasSize(1);
    }

    @Test
    void whereNothingIsHeldNothingIsWritten() {
        called.roles.records = List.of();
        assertThat(called.muster("release", "web")).isEqualTo(ExitCode.FAILED);
        assertThat(called.err()).contains("nothing of 'web' is held, so there is nothing to release");
        assertThat(called.roles.released).isEmpty();
        assertThat(called.muster("release", "rscloud")).isEqualTo(ExitCode.USAGE);
    }
}
