package dev.muster.watcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.model.Catalog;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class RememberedSettingsTest {

    private final RememberedSettings remembered = new RememberedSettings();

    private static Catalog catalog(Map<String, Map<String, String>> settings) {
        SortedMap<String, SortedMap<String, String>> sorted = new TreeMap<>();
        settings.forEach((service, some) -> sorted.put(service, new TreeMap<>(some)));
        return new Catalog(1, new TreeMap<>(), sorted, new TreeMap<>(), new TreeMap<>(), new TreeMap<>());
    }

    private Map<String, Map<String, String>> seen(Catalog catalog, boolean trusted) {
        return Map.copyOf(remembered.in(catalog, trusted).settings());
    }

    @Test
    void what_a_trusted_registry_lacks_is_gone() {
        assertThat(seen(catalog(Map.of("db", Map.of("master", "1"))), true)).isNotEmpty();
        assertThat(seen(catalog(Map.of()), true)).isEmpty();
    }

    @Test
    void what_one_lacks_that_cannot_be_trusted_is_as_it_was_and_what_it_says_counts() {
        seen(catalog(Map.of("db", Map.of("master", "1", "dns_name", "db"), "web", Map.of("x", "y"))), true);
        assertThat(seen(catalog(Map.of("db", Map.of("master", "2"))), false))
                .isEqualTo(Map.of("db", Map.of("master", "2", "dns_name", "db"), "web", Map.of("x", "y")));
        assertThat(seen(catalog(Map.of()), false))
                .as("by what was trusted last")
                .isEqualTo(Map.of("db", Map.of("master", "1", "dns_name", "db"), "web", Map.of("x", "y")));
        assertThat(seen(catalog(Map.of()), true)).isEmpty();
    }

    @Test
    void the_same_catalog_gives_the_same_object() {
        Catalog lost = catalog(Map.of());
        seen(catalog(Map.of("db", Map.of("master", "1"))), true);
        assertThat(remembered.in(lost, false)).isSameAs(remembered.in(lost, false));
    }
}
