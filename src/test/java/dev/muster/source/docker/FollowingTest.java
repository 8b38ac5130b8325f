package dev.muster.source.docker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.model.UnitName;
import dev.muster.source.Container;
import dev.muster.source.SampleContainers;
import dev.muster.source.Selection;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Which containers a sidecar reports, and what it asks for. */
final class FollowingTest {

    private static final String ID = SampleContainers.idOf("web-01");

    private final Following byName = new Following(new Selection(Optional.of("web-01"), Optional.empty()));
    private final Following byUnit =
            new Following(new Selection(Optional.empty(), Optional.of(new UnitName("web@01.service"))));

    private static List<String> asked(Following following) {
        return following.lists().stream()
                .map(path -> URLDecoder.decode(path, StandardCharsets.UTF_8))
                .toList();
    }

    private static Container web01(Container.State state) {
        return SampleContainers.named("web-01").tcp(80, 18001).state(state).build();
    }

    @Test
    void theEngineIsAskedForNothingElse() {
        assertThat(asked(byName))
                .containsExactly(
                        "/containers/json?filters={\"status\":[\"running\",\"paused\"],\"name\":[\"^/?web-01$\"]}");
        assertThat(asked(byUnit))
                .containsExactly(
                        "/containers/json?filters={\"status\":[\"running\",\"paused\"],\"label\":[\"muster.unit=web@01.service\"]}",
                        "/containers/json?filters={\"status\":[\"running\",\"paused\"],\"name\":[\"^/?web-01$\"]}");
        assertThat(asked(new Following(Selection.ALL)))
                .containsExactly("/containers/json?filters={\"status\":[\"running\",\"paused\"]}");
    }

    @Test
    void aNameIsAskedForAsItIsAndAnOddUnitByItsLabelAlone() {
        assertThat(asked(new Following(new Selection(Optional.of("app.v2"), Optional.empty()))))
                .containsExactly(
                        "/containers/json?filters={\"status\":[\"running\",\"paused\"],\"name\":[\"^/?app[.]v2$\"]}");
        assertThat(asked(new Following(new Selection(Optional.empty(), Optional.of(new UnitName("a\\x2db.service"))))))
                .containsExactly(
                        "/containers/json?filters={\"status\":[\"running\",\"paused\"],\"label\":[\"muster.unit=a\\\\x2db.service\"]}");
    }

    @Test
    void whatRunsIsFollowedUnderAnyNameAndNoLongerThanThat() {
        assertThat(byName.takes(web01(Container.State.RUNNING).withName("old")))
                .as("never seen under the name")
                .isFalse();
        assertThat(byName.takes(web01(Container.State.RUNNING))).isTrue();
        assertThat(byName.takes(web01(Container.State.PAUSED).withName("old"))).isTrue();
        assertThat(byName.ids()).containsExactly(ID);
        assertThat(byName.takes(web01(Container.State.STOPPED).withName("old")))
                .as("its end is told")
                .isTrue();
        assertThat(byName.ids()).isEmpty();
        assertThat(byName.takes(web01(Container.State.RUNNING).withName("old")))
                .as("its next run goes by its new name")
                .isFalse();
    }

    @Test
    void whatIsGoneIsForgotten() {
        byName.takes(web01(Container.State.RUNNING));
        byName.forget(ID);
        assertThat(byName.ids()).isEmpty();
    }

    @Test
    void eventsOfOthersArePassedOver() {
        String other = "f".repeat(64);
        assertThat(byName.concerns(new EventJson("start", other, "web-02", ""))).isFalse();
        assertThat(byName.concerns(new EventJson("start", other, "web-01", ""))).isTrue();
        assertThat(byName.concerns(new EventJson("start", other, "", "")))
                .as("of whom it is said of no one")
                .isTrue();
        assertThat(byUnit.concerns(new EventJson("start", other, "x", "web@01.service")))
                .isTrue();
        assertThat(byUnit.concerns(new EventJson("start", other, "x", "web@02.service")))
                .isFalse();
        assertThat(new Following(Selection.ALL).concerns(new EventJson("start", other, "x", "")))
                .isTrue();
        assertThat(byName.concerns(new EventJson("die", ID, "old", ""))).isFalse();
        byName.takes(web01(Container.State.RUNNING));
        assertThat(byName.concerns(new EventJson("die", ID, "old", "")))
                .as("a followed one, whatever its name is by now")
                .isTrue();
    }
}
