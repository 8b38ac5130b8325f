package dev.muster.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AliasPlacesTest {

    private static final AliasPlaces OPENED = new AliasPlaces("/services", List.of("/app/dbs", "/muster", "/services"));

    @Test
    void anAliasStandsBesideItsOwnServicesInstances() {
        assertThat(AliasPlaces.DEFAULT.refusal("db", "/services/db/db_private_ip"))
                .isEmpty();
        assertThat(AliasPlaces.DEFAULT.refusal("db", "/services/web/db_private_ip"))
                .contains("alias '/services/web/db_private_ip': allowed is /services/db/<name>;"
                        + " --allow-alias opens other places");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/services/db",
                "/services/db/",
                "/services/db/db1/port",
                "/services/dbx/ip",
                "/services/db/master",
                "/services/db/dns_name",
                "/services/db/gone",
                "/services/db/a b",
                "/services/db/..",
                "/muster/claims/db/db1",
                "/secrets/key",
                "db_private_ip",
                ""
            })
    void allElseIsRefused(String key) {
        assertThat(AliasPlaces.DEFAULT.refusal("db", key)).isPresent();
    }

    @Test
    void whatIsOpenedIsOpenWholeAndNothingMore() {
        assertThat(OPENED.refusal("db", "/app/dbs/main")).isEmpty();
        assertThat(OPENED.refusal("db", "/app/dbs/a/b")).isEmpty();
        assertThat(OPENED.refusal("db", "/services/web/ip")).isEmpty();
        assertThat(OPENED.refusal("db", "/app/dbs")).isPresent();
        assertThat(OPENED.refusal("db", "/app/dbs/")).isPresent();
        assertThat(OPENED.refusal("db", "/app/dbsx/main")).isPresent();
        assertThat(OPENED.refusal("db", "/muster/agents/host1"))
                .as("Muster's own stays closed")
                .isPresent();
        assertThat(OPENED.refusal("db", "/services/db/master"))
                .as("as do settings")
                .isPresent();
    }

    @Test
    void anotherPrefixMovesIt() {
        AliasPlaces fleet = new AliasPlaces("/fleet/a", List.of());
        assertThat(fleet.refusal("db", "/fleet/a/db/ip")).isEmpty();
        assertThat(fleet.refusal("db", "/services/db/ip")).isPresent();
    }
}
