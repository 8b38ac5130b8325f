package dev.muster.provider.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.model.InstanceState;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RenderedJsonTest {

    @Test
    void what_is_written_is_what_is_read() {
        Rendered rendered = new Rendered(
                new Services()
                        .up("web", "web01", 80, "motto", "a\n\"b\"")
                        .is("web", "web02", 81, InstanceState.DRAINING)
                        .setting("nginx", "ssl_cert", "-----BEGIN\n")
                        .map(),
                new TreeMap<>(Map.of("/etc/x", "abc")));
        assertThat(RenderedJson.read(RenderedJson.write(rendered))).isEqualTo(rendered);
    }

    @Test
    void what_an_older_version_wrote_is_read() {
        assertThat(RenderedJson.read("{}")).isEqualTo(Rendered.NOTHING);
        assertThat(RenderedJson.read("""
                {"services":[{"service":"web","protocol":"http",
                 "targets":[{"target":"10.0.0.1:80","instance":"web01","state":"up","weight":100}]}]}""").services()).containsOnlyKeys("web");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "{\"services\":[{\"service\":\"web\"}]}"})
    void anything_else_is_refused(String text) {
        assertThatThrownBy(() -> RenderedJson.read(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
