package dev.muster.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommandLineTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "nginx -t -c {file}|nginx,-t,-c,{file}",
                "a  'b c'\t\"d 'e'\" f''g|a,b c,d 'e',fg",
                "a ''|a,",
                "a $HOME `b`|a,$HOME,`b`",
            })
    void words_stand_apart_and_nothing_is_expanded(String text, String words) {
        assertThat(CommandLine.parse(text)).containsExactly(words.split(",", -1));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "``|a program",
                "''|a program",
                "a 'b|the quote ' is not closed",
                "nginx -t && nginx -s reload|without a shell, so '&&'",
                "a > b|without a shell, so '>'",
            })
    void what_cannot_be_meant_is_refused(String text, String why) {
        assertThatThrownBy(() -> CommandLine.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(why);
    }
}
