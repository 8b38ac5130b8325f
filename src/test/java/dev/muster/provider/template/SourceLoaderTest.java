package dev.muster.provider.template;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SourceLoaderTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a~{% if x %}~b~|a~{% if x ~%}b~",
                "  {% for x in y %}  ~  b~  {% endfor %}~|{% for x in y ~%}  b~{% endfor ~%}",
                "{# said #}~b|{# said ~#}b",
                "{% if x -%}~b|{% if x ~-%}b",
                "{% if x %}{% if y %}~b|{% if x %}{% if y ~%}b",
                "{{ x }}~b|{{ x }}~b",
                "{% if x %}a{% endif %}~b|{% if x %}a{% endif %}~b",
                "{% if x %}|{% if x %}",
            })
    void a_line_of_tags_ends_within_its_last_tag(String source, String read) {
        assertThat(SourceLoader.withoutTagLines(source.replace('~', '\n'))).isEqualTo(read.replace('~', '\n'));
    }
}
