package dev.muster.provider.template;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FreeTextTest {

    @ParameterizedTest
    @ValueSource(strings = {"", "gold", "registry/web:1.2@sha256", "a,b=c", "http://web:80/x", "1.2+3~4-5_6"})
    void a_plain_text_is_a_string(String text) {
        assertThat(FreeText.of(text)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a; return 200|a??return?200",
                "a } server {|a???server??",
                "\"quoted\" 'too'|?quoted???too?",
                "$host #x|?host??x",
                "../../etc/passwd|.?/.?/etc/passwd",
                "schön|sch?n",
            })
    void any_other_prints_with_question_marks(String text, String printed) {
        assertThat(FreeText.of(text)).isInstanceOf(FreeText.class).hasToString(printed);
    }

    @Test
    void no_character_that_ends_a_line_is_printed() {
        for (char c = 0; c < 0x3000; c++) {
            String printed = FreeText.of("a" + c + "b").toString();
            assertThat(printed.codePoints().noneMatch(one -> Character.isISOControl(one) || one > 0x7e || one == ' '))
                    .as("character %04x", (int) c)
                    .isTrue();
        }
    }
}
