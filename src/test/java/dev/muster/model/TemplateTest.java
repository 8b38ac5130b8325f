package dev.muster.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Map;
import org.junit.jupiter.api.Test;

class TemplateTest {

    private static final Map<String, String> FACTS = Map.of("host", "h1", "port", "80", "tag", "");

    @Test
    void fieldsAreReplacedAndNothingElseIs() {
        assertThat(new Template("a%{host}b%{port}").expand(FACTS)).isEqualTo("ah1b80");
        assertThat(new Template("100% %20 {host} %%{host} %%%{host}").expand(FACTS))
                .isEqualTo("100% %20 {host} %{host} %%{host}");
        assertThat(new Template("").expand(FACTS)).isEmpty();
        assertThat(new Template("%{host}").expand(FACTS, String::toUpperCase)).isEqualTo("H1");
        assertThat(new Template("x%{port}").uses("port")).isTrue();
        assertThat(new Template("x%%{port}").uses("port")).isFalse();
    }

    @Test
    void whatIsNoFieldIsRefusedAtOnceWithWhatIsAllowed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Template("%{password}"))
                .withMessageStartingWith("'%{password}' is no field, allowed are %{host}, %{service}, ");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Template("%{host"))
                .withMessageContaining("'}'");
        assertThatIllegalArgumentException().isThrownBy(() -> new Template("%{}"));
        assertThatIllegalArgumentException().isThrownBy(() -> new Template("x".repeat(2049)));
    }

    @Test
    void anEmptyFieldIsNotSwallowed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Template("x-%{tag}").expand(FACTS))
                .withMessage("it asks for %{tag}, which this instance has not");
    }
}
