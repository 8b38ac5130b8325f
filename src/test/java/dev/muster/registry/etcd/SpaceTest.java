package dev.muster.registry.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.doctor.Area;
import dev.muster.doctor.Finding;
import dev.muster.doctor.Level;
import dev.muster.doctor.Report;
import java.net.URI;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpaceTest {

    private static final long QUOTA = 2L << 30;

    private static List<Finding> tell(long revision, long bytes, OptionalLong quota, OptionalLong compactedAt) {
        Report report = new Report(Area.ETCD);
        new Space(URI.create("http://h:1"), revision, bytes, quota, compactedAt).tell(report);
        return report.findings();
    }

    @ParameterizedTest
    @CsvSource({
        "1000, -1, 20480, OK, OK, 20 KiB of 2.0 GiB are used, 'revision 1000, history from 1 on'",
        "900000, -1, 3145728, OK, WARN, 3 MiB of 2.0 GiB are used, 'revision 900000, history from 1 on; it has never been compacted'",
        "900000, 850000, 3145728, OK, OK, 3 MiB of 2.0 GiB are used, 'revision 900000, history from 850000 on'",
        "900000, 7, 3145728, OK, WARN, 3 MiB of 2.0 GiB are used, 'revision 900000, history from 7 on; that is a lot'",
        "1000, 900, 1800000000, WARN, OK, '1.7 GiB of 2.0 GiB are used; when it is full, etcd takes no writes', 'revision 1000, history from 900 on'",
    })
    void whatFillsUpIsSaidBeforeItIsFull(
            long revision, long compactedAt, long bytes, Level space, Level history, String size, String kept) {
        List<Finding> findings = tell(revision, bytes, OptionalLong.of(QUOTA), OptionalLong.of(compactedAt));

        assertThat(findings).extracting(Finding::level).containsExactly(space, history);
        assertThat(findings).extracting(Finding::seen).containsExactly(size, kept);
        assertThat(findings)
                .filteredOn(finding -> finding.level() == Level.WARN)
                .allMatch(finding -> finding.mend().contains("etcdctl --endpoints http://h:1 compact " + revision));
    }

    @Test
    void whatIsNotToldIsNotJudged() {
        assertThat(tell(900_000, 3 << 20, OptionalLong.empty(), OptionalLong.empty()))
                .allMatch(finding -> finding.level() == Level.OK)
                .extracting(Finding::seen)
                .containsExactly("3 MiB are used", "revision 900000; how much history it keeps is not told");
    }
}
