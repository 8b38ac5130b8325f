package dev.muster.source.docker;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.zerodep.shaded.org.apache.hc.client5.http.psl.PublicSuffixMatcher;
import com.github.dockerjava.zerodep.shaded.org.apache.hc.client5.http.psl.PublicSuffixMatcherLoader;
import org.junit.jupiter.api.Test;

/** The list of public suffixes that the transport reads, of which Muster has a short one. */
class PublicSuffixesTest {

    private final PublicSuffixMatcher suffixes = PublicSuffixMatcherLoader.getDefault();

    @Test
    void theShortListIsTheOneThatIsRead() {
        assertThat(suffixes.getDomainRoot("engine.example.co.uk")).isEqualTo("co.uk"); // by the long one: example.co.uk
    }

    /** By which a certificate's {@code *.example.com} is compared with the engine's name. */
    @Test
    void everyDomainHasARootBelowItsLastLabel() {
        assertThat(suffixes.getDomainRoot("engine.example.com")).isEqualTo("example.com");
        assertThat(suffixes.getDomainRoot("engine.rack1.internal")).isEqualTo("rack1.internal");
        assertThat(suffixes.getDomainRoot("engine")).isNull();
    }
}
