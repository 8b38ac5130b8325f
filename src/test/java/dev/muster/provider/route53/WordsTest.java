package dev.muster.provider.route53;

import static dev.muster.provider.route53.NamedServices.up;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class WordsTest {

    private static final DnsName WEB = new DnsName("web.example.com");
    private static final RecordSet OURS = RecordSet.simple(WEB, "A", 60, List.of("203.0.113.5"));

    private final PlannedZone zone = new PlannedZone();

    @Test
    void what_somebody_changed_is_told_by_what_it_was_and_what_it_becomes() throws Exception {
        zone.make(up("web", "203.0.113.5"));
        zone.remove(OURS);
        assertThat(Words.putRight(zone.plan(up("web", "203.0.113.5")).changes()))
                .containsExactly("web.example.com A 60 203.0.113.5 (it was deleted)");
        zone.put(RecordSet.simple(WEB, "A", 5, List.of("192.0.2.66")));
        assertThat(Words.putRight(zone.plan(up("web", "203.0.113.5")).changes()))
                .containsExactly("web.example.com A 5 192.0.2.66 -> 60 203.0.113.5");
    }

    @Test
    void a_name_that_was_adopted_a_moment_ago_was_not_changed_by_somebody() throws Exception {
        zone.make(up("web", "203.0.113.5"));
        assertThat(zone.plan().changes())
                .as("nobody was told yet that it is web's")
                .isNotEmpty();
        assertThat(Words.putRight(zone.plan().changes())).isEmpty();
    }
}
