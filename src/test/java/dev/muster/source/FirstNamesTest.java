package dev.muster.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class FirstNamesTest {

    private final FirstNames names = new FirstNames();
    private final Container web = SampleContainers.published("web", 80, 8080);

    @Test
    void aRunKeepsTheNameThatItWasFirstSeenWith() {
        names.keepAll(List.of(web));
        assertThat(names.keep(web.withName("old")).name()).isEqualTo("web");
        assertThat(names.keepAll(List.of(web.withName("old"))))
                .extracting(Container::name)
                .containsExactly("web");
    }

    @Test
    void itsNextRunGoesByItsNewName() {
        names.keepAll(List.of(web));
        Container next = SampleContainers.named("web")
                .startedAt("2026-11-21T00:00:00Z")
                .tcp(80, 8080)
                .build();
        assertThat(names.keep(next.withName("new")).name()).isEqualTo("new");
    }

    @Test
    void whatWasPublishedBeforeThisStartIsKept() {
        names.known(web.run(), "before");
        assertThat(names.keepAll(List.of(web))).extracting(Container::name).containsExactly("before");
    }

    @Test
    void whatIsNoLongerListedIsForgotten() {
        names.keepAll(List.of(web));
        names.keepAll(List.of());
        assertThat(names.keep(web.withName("new")).name()).isEqualTo("new");
    }
}
