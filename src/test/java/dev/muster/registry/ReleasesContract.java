package dev.muster.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.model.Target;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What every {@link Releases} promises. */
public abstract class ReleasesContract {

    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00.123456789Z");
    private static final Target A = new Target("10.0.0.1", 80);
    private static final Target B = new Target("fd00::1", 80);

    protected abstract Releases releases();

    protected static Release release(String service, Target... targets) {
        return new Release(service, "haproxy", new TreeSet<>(Set.of(targets)), "root@ops1", NOON, 0);
    }

    private static Release at(Release release, long revision) {
        return new Release(
                release.service(), release.provider(), release.targets(), release.by(), release.at(), revision);
    }

    @Test
    void whatWasSaidStandsUntilItIsEnded() throws RegistryException {
        assertThat(releases().standing()).isEmpty();
        Release web = at(release("web", A, B), releases().put(release("web", A, B)));
        Release db = at(release("db", A), releases().put(release("db", A)));
        assertThat(db.revision()).isGreaterThan(web.revision());
        assertThat(releases().standing()).containsExactlyInAnyOrder(web, db);
        releases().end(web);
        releases().end(web);
        assertThat(releases().standing()).isEqualTo(List.of(db));
    }

    @Test
    void oneThatHasTakenTheOthersPlaceOutlivesItsEnd() throws RegistryException {
        Release first = at(release("web", A), releases().put(release("web", A)));
        Release second = at(release("web", B), releases().put(release("web", B)));
        releases().end(first);
        assertThat(releases().standing()).containsExactly(second);
    }
}
