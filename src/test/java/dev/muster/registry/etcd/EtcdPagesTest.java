package dev.muster.registry.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EtcdPagesTest {

    /** The answer came between 100.4 and 100.6 s by this machine's clock; the header is cut to its second. */
    @ParameterizedTest
    @CsvSource({"100, 0", "99, -400", "101, 400", "98, -1400", "130, 29400", "40, -59400"})
    void onlyWhatTheCutSecondCannotExplainIsAnOffset(long header, long offsetMillis) {
        assertThat(EtcdPages.offset(
                        Instant.ofEpochSecond(header), Instant.ofEpochMilli(100_400), Instant.ofEpochMilli(100_600)))
                .isEqualTo(Duration.ofMillis(offsetMillis));
    }

    @Test
    void figuresAreReadWhereTheyStandAndAreNotMadeUpElsewhere() {
        String page = """
                # HELP etcd_server_quota_backend_bytes Current backend storage quota size in bytes.
                # TYPE etcd_server_quota_backend_bytes gauge
                etcd_server_quota_backend_bytes 2.147483648e+09
                etcd_debugging_mvcc_compact_revision -1
                """;
        assertThat(EtcdPages.Figures.of(page))
                .isEqualTo(new EtcdPages.Figures(OptionalLong.of(1L << 31), OptionalLong.of(-1)));
        assertThat(EtcdPages.Figures.of("etcd_server_quota_backend_bytes soon\n"))
                .isEqualTo(new EtcdPages.Figures(OptionalLong.empty(), OptionalLong.empty()));
    }
}
