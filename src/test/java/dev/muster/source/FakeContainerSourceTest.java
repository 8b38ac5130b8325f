package dev.muster.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The fake behaves as the port says, so that what is tested against it holds against an engine. */
final class FakeContainerSourceTest {

    private final FakeContainerSource source = new FakeContainerSource();
    private final List<String> heard = new ArrayList<>();

    private void listen() {
        source.subscribe(new ContainerSource.Listener() {
            @Override
            public void changed(String containerId) {
                heard.add(containerId);
            }

            @Override
            public void anythingChanged() {
                heard.add("anything");
            }
        });
    }

    @Test
    void saysWhatChangesAndListsWhatRunsOrIsPaused() throws Exception {
        listen();
        source.put(SampleContainers.published("web", 80, 8080));
        String id = SampleContainers.idOf("web");
        assertThat(source.list()).hasSize(1);

        source.pause(id);
        assertThat(source.list()).singleElement().extracting(Container::state).isEqualTo(Container.State.PAUSED);

        source.stop(id);
        assertThat(source.list()).isEmpty();
        assertThat(source.find(id)).isPresent();

        source.remove(id);
        assertThat(source.find(id)).isEmpty();
        assertThat(heard).containsExactly("anything", id, id, id, id);
    }

    @Test
    void failureAndHalfAnswersAreNeverEmpty() throws Exception {
        source.put(SampleContainers.published("web", 80, 8080));
        for (FakeContainerSource.Mode mode :
                List.of(FakeContainerSource.Mode.FAILS, FakeContainerSource.Mode.ANSWERS_HALF)) {
            source.answer(mode);
            assertThatThrownBy(source::list).isInstanceOf(SourceException.class);
            assertThatThrownBy(() -> source.find("gone")).isInstanceOf(SourceException.class);
        }
        source.answer(FakeContainerSource.Mode.WORKS);
        assertThat(source.list()).hasSize(1);
    }

    @Test
    void lostEventsAreFollowedByAnythingChanged() {
        listen();
        source.loseEvents(true);
        source.put(SampleContainers.published("web", 80, 8080));
        assertThat(heard).containsExactly("anything");
        source.resubscribe();
        assertThat(heard).containsExactly("anything", "anything");
    }
}
