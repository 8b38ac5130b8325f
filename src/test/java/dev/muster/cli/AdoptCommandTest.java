package dev.muster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.config.WatcherConfig;
import dev.muster.provider.Adoption;
import dev.muster.provider.ProviderException;
import dev.muster.provider.UnansweredException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AdoptCommandTest {

    private static final Adoption WEB = new Adoption() {
        @Override
        public String service() {
            return "web";
        }

        @Override
        public String place() {
            return "web.example.com in the zone example.com, Z1 (public)";
        }

        @Override
        public String owner() {
            return "external-dns's (owner default)";
        }

        @Override
        public List<String> before() {
            return List.of("web.example.com. 300 IN A 198.51.100.1");
        }

        @Override
        public List<String> after() {
            return List.of("web.example.com. 60 IN A 203.0.113.5");
        }

        @Override
        public void take() {
            throw new AssertionError("the command only asks");
        }
    };

    private final Called called = new Called();

    @BeforeEach
    void something() {
        called.roles.adoption = WEB;
    }

    private int adopt(String... more) {
        String[] words = {"adopt", "dns", "web.example.com", "--group=edge"};
        return called.muster(java.util.stream.Stream.of(words, more)
                .flatMap(java.util.Arrays::stream)
                .toArray(String[]::new));
    }

    @Test
    void bothAreShownAndAPersonIsAsked() {
        assertThat(called.answer("y").muster("adopt", "dns", "web.example.com", "--group=edge"))
                .isEqualTo(ExitCode.DONE);
        assertThat(called.out())
                .contains("Z1 (public): it is external-dns's (owner default). The service web asks for it.")
                .contains("\n- web.example.com. 300 IN A 198.51.100.1\n")
                .contains("\n+ web.example.com. 60 IN A 203.0.113.5\n")
                .contains("Take it over? [y/N]")
                .contains("It is taken over.");
        WatcherConfig config = (WatcherConfig) called.roles.told.get(1);
        assertThat(config.providers()).containsExactly("route53");
        assertThat(config.groupOf("route53")).isEqualTo("route53-edge");
    }

    @Test
    void whateverIsNoYesIsANo() {
        for (String answer : List.of("", "n", "yesterday")) {
            assertThat(called.answer(answer).muster("adopt", "dns", "web.example.com"))
                    .isEqualTo(ExitCode.FAILED);
        }
        assertThat(called.out()).contains("Nothing was changed.").doesNotContain("It is taken over");
    }

    @Test
    void aTakeoverWhoseAnswerIsLostIsNotSaidToHaveFailed() {
        called.roles.adoptFailure =
                Optional.of(new UnansweredException("whether it was taken over is not known", new Exception()));
        assertThat(adopt("--yes")).isEqualTo(ExitCode.UNKNOWN);
        assertThat(called.err())
                .contains("whether it was taken over is not known. To look: muster adopt dns web.example.com");
        called.roles.adoptFailure = Optional.of(new ProviderException("nothing was changed"));
        assertThat(adopt("--yes")).isEqualTo(ExitCode.FAILED);
    }

    @Test
    void whoHasSaidYesIsNotAsked() {
        assertThat(adopt("--yes")).isEqualTo(ExitCode.DONE);
        assertThat(called.out()).doesNotContain("[y/N]");
        assertThat(adopt("--yes", "--json")).isEqualTo(ExitCode.DONE);
        assertThat(called.out()).contains("\"before\" : [ \"web.example.com. 300 IN A 198.51.100.1\" ]");
        assertThat(adopt("--json")).isEqualTo(ExitCode.USAGE);
        assertThat(called.muster("adopt", "elb", "web")).isEqualTo(ExitCode.USAGE);
        assertThat(called.err()).contains("--json asks nobody").contains("adopt 'elb': allowed is dns");
    }
}
