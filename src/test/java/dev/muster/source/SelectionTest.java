package dev.muster.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.config.SidecarConfig;
import dev.muster.model.UnitName;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SelectionTest {

    private static final UnitName WEB01 = new UnitName("web@01.service");

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            the host's agent                   | -     | false | any    | any.service    | true
            by name                            | front | false | front  | ''             | true
            by name, whatever its unit         | front | false | front  | db.service     | true
            another name                       | front | false | front2 | ''             | false
            by name beside a unit              | front | true  | front  | ''             | true
            by name beside a unit, not by it   | front | true  | web-01 | web@01.service | false
            by its unit's label                | -     | true  | any    | web@01.service | true
            by its unit's name                 | -     | true  | web-01 | ''             | true
            by name, and another unit's        | -     | true  | web-01 | web@02.service | false
            neither                            | -     | true  | web-02 | ''             | false
            """)
    void choosesByNameOrByUnit(String what, String container, boolean unit, String name, String label, boolean chosen) {
        Selection selection =
                new Selection(Optional.ofNullable(container), unit ? Optional.of(WEB01) : Optional.empty());

        assertThat(selection.chooses(name, label)).as(what).isEqualTo(chosen);
        assertThat(selection.isAll()).isEqualTo(container == null && !unit);
        assertThat(
                        selection.isAll()
                                ? Selection.of(Optional.empty())
                                : Selection.of(Optional.of(new SidecarConfig(
                                        selection.container(), selection.unit(), Optional.of("web")))))
                .isEqualTo(selection);
    }
}
