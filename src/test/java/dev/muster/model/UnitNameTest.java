package dev.muster.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What units, their containers, their instances and their sidecars are called. */
final class UnitNameTest {

    @ParameterizedTest
    @CsvSource({
        "web@01.service, web@01.service, web-01, web01",
        "web@01, web@01.service, web-01, web01",
        "db.service, db.service, db, db",
        "db, db.service, db, db",
        "shop-front@blue.service, shop-front@blue.service, shop-front-blue, shop-frontblue",
        "app.v2, app.v2.service, app.v2, app.v2",
        "job.scope, job.scope, job, job"
    })
    void aUnitSaysWhatItRuns(String given, String name, String container, String instance) {
        UnitName unit = new UnitName(given);

        assertThat(unit.name()).isEqualTo(name);
        assertThat(unit.container()).isEqualTo(container);
        assertThat(unit.instance()).isEqualTo(instance);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".service", "web@.service", "@01.service", "web 01", "a/b", "../x", "web\n"})
    void whatIsNoUnitThatRunsIsRefused(String given) {
        assertThatThrownBy(() -> new UnitName(given))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("unit '")
                .hasMessageEndingWith("': allowed is a systemd unit's name, such as web@01.service");
    }

    @Test
    void aSidecarIsKnownByItsContainersNameAndByItsUnits() {
        assertThat(SidecarOwner.of("h1", "web-01")).isEqualTo("h1.web-01");
        assertThat(SidecarOwner.of("h1", "web-01", "")).isEqualTo(Set.of("h1.web-01"));
        assertThat(SidecarOwner.of("h1", "web-01", "web@01.service"))
                .as("by either flag it is the same owner")
                .isEqualTo(Set.of("h1.web-01"));
        assertThat(SidecarOwner.of("h1", "front", "web@01.service")).isEqualTo(Set.of("h1.front", "h1.web-01"));
        assertThat(SidecarOwner.of("h1", "", "")).isEmpty();
        assertThat(SidecarOwner.of("h1", "front", "any text / at all")).isEqualTo(Set.of("h1.front"));
    }

    @Test
    void whatStandsInAnOwnersNameIsNoPath() {
        assertThat(SidecarOwner.of("h1", "a\\x2db:c/../d"))
                .isEqualTo("h1.a-x2db-c-..-d")
                .doesNotContain("/");
    }
}
