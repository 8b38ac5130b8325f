package dev.muster.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class FindingTest {

    @Test
    void whatIsWrongComesWithItsMendAndWhatIsWellWithout() {
        assertThat(new Finding(Area.ETCD, "alarms", Level.OK, "no alarm", "").mend())
                .isEmpty();
        assertThat(new Finding(Area.ETCD, "alarms", Level.FAIL, "full", "compact it").mend())
                .isEqualTo("compact it");
        for (Level level : Level.values()) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() ->
                            new Finding(Area.ETCD, "alarms", level, "seen", level == Level.OK ? "compact it" : ""))
                    .withMessageContaining("at level " + level.text());
        }
    }

    @Test
    void aNameIsForProgramsAndASentenceIsNotEmpty() {
        assertThat(new Finding(Area.HOST, "machine-id", Level.OK, "x", "").check())
                .isEqualTo("machine-id");
        for (String name : new String[] {"", "Machine", "machine id", "-id", "id-"}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new Finding(Area.HOST, name, Level.OK, "x", ""))
                    .withMessageContaining("check '" + name + "'");
        }
        assertThatIllegalArgumentException().isThrownBy(() -> new Finding(Area.HOST, "disk", Level.OK, " ", ""));
    }
}
