package dev.muster.source.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EngineVersionTest {

    @ParameterizedTest
    @CsvSource({
        "Docker, 20.10.24+dfsg1, false",
        "Docker, 20.9.1, true",
        "Docker, 19.03.5, true",
        "Docker, 29.0.0, false",
        "Docker, dev, false",
        "Podman, 4.3.1, false"
    })
    void whatIsOlderThanWhatWasTriedIsTold(String product, String version, boolean old) {
        assertThat(new EngineVersion(product, version, "1.41").tooOld()).isEqualTo(old);
    }

    @Test
    void anEngineSaysWhatItIs() throws Exception {
        assertThat(read("{\"Components\":[{\"Name\":\"Engine\",\"Details\":{\"Os\":\"linux\"}}],"
                        + "\"Version\":\"20.10.24\",\"ApiVersion\":\"1.41\"}"))
                .hasToString("Docker 20.10.24, API 1.41");
        assertThat(read("{\"Components\":[{\"Name\":\"Podman Engine\"},{\"Name\":\"Conmon\"}],"
                        + "\"Version\":\"4.3.1\",\"ApiVersion\":\"1.41\"}"))
                .hasToString("Podman 4.3.1, API 1.41");
    }

    @Test
    void whatNamesNoVersionIsNoEngine() {
        assertThatIOException().isThrownBy(() -> read("{\"etcdserver\":\"3.4.23\"}"));
    }

    private static EngineVersion read(String json) throws IOException {
        return EngineVersion.read(new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)));
    }
}
