package dev.muster.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SuggestionTest {

    private static final List<String> KNOWN = List.of("--etcd-endpoints", "--etcd-timeout", "--ttl", "--host");

    @ParameterizedTest
    @CsvSource({
        "--etcd-endpoint, --etcd-endpoints",
        "--endpoints, --etcd-endpoints",
        "--tll, --ttl",
        "--etcd-t, --etcd-timeout",
        "--hots, --host"
    })
    void theNearestWordIsSuggested(String typed, String meant) {
        assertThat(Suggestion.nearest(typed, KNOWN)).contains(meant);
    }

    @Test
    void whatIsFarFromEverythingIsNotGuessedAt() {
        assertThat(Suggestion.nearest("--colour", KNOWN)).isEmpty();
        assertThat(Suggestion.question("x", KNOWN)).isEmpty();
    }
}
