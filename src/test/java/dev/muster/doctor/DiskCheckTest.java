package dev.muster.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DiskCheckTest {

    @ParameterizedTest
    @CsvSource({"1048575, FAIL", "1048576, WARN", "52428799, WARN", "52428800, OK"})
    void roomThatIsNearlyGoneIsSaidBeforeItIsGone(long free, Level level) {
        Report report = new Report(Area.HOST);
        new DiskCheck(List.of()).tell(report, Path.of("/run/muster"), free);

        assertThat(report.findings()).singleElement().satisfies(finding -> {
            assertThat(finding.level()).isEqualTo(level);
            assertThat(finding.seen()).contains("are free at /run/muster");
        });
    }
}
