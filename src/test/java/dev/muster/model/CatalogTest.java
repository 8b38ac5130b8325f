package dev.muster.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class CatalogTest {

    private static Catalog catalog(SortedMap<String, SortedMap<String, String>> settings, String... ids) {
        SortedMap<InstanceId, Registration> registrations = new TreeMap<>();
        for (String id : ids) {
            String[] parts = id.split("/", -1);
            InstanceId instance = new InstanceId(parts[0], parts[1]);
            registrations.put(
                    instance,
                    new Registration(
                            new Instance(
                                    instance,
                                    "host1",
                                    new Addresses("", "10.0.0.1"),
                                    80,
                                    Protocol.HTTP,
                                    CheckSpec.TCP,
                                    List.of(),
                                    Instance.DEFAULT_WEIGHT,
                                    new Run("", ""),
                                    "",
                                    "",
                                    "",
                                    Map.of(),
                                    Map.of()),
                            "host1",
                            InstanceState.UP,
                            ""));
        }
        return new Catalog(1, registrations, settings, new TreeMap<>(), new TreeMap<>(), new TreeMap<>());
    }

    @Test
    void servicesAreThoseWithARegistrationOrASetting() {
        Catalog catalog = catalog(
                new TreeMap<>(Map.of("db", new TreeMap<>(Map.of("master", "1")), "set", new TreeMap<>())),
                "db/a",
                "db/zzzz",
                "db/zzzzz",
                "web/0",
                "web/zzzzz",
                "web-a/a",
                "web.a/zzzz");
        assertThat(catalog.services()).containsExactly("db", "set", "web", "web-a", "web.a");
        assertThat(catalog(new TreeMap<>()).services()).isEmpty();
    }

    @Test
    void theRegistrationsOfAServiceAreItsOwn() {
        Catalog catalog = catalog(new TreeMap<>(), "web/0", "web/a", "web/zzzzz", "web-a/a", "wea/a", "wec/a");
        assertThat(catalog.of("web").keySet())
                .extracting(InstanceId::toString)
                .containsExactly("web/0", "web/a", "web/zzzzz");
        assertThat(catalog.of("we")).isEmpty();
        assertThat(catalog.of("no name")).isEmpty();
    }
}
