package dev.muster.provider.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.model.InstanceState;
import dev.muster.provider.ProviderException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a person may write into a template, and what comes of it. */
class TemplateIT {

    private static final String HOSTILE = "a\"; }\nserver { listen 81; }\u2028#";

    @TempDir
    private Path folder;

    private final Services services = new Services()
            .up("web", "web02", 8081, "tier", "gold", "tags", "blue,a b")
            .up("web", "web01", 8080, "tier", "silver", "motto", HOSTILE)
            .is("web", "web03", 8082, InstanceState.DRAINING, "tier", "gold")
            .setting("nginx", "dns_name", "www.example.com")
            .setting("nginx", "ssl_cert", "-----BEGIN CERTIFICATE-----\nMIIB+/=\n-----END CERTIFICATE-----\n");

    private String rendered(String template) throws ProviderException, IOException {
        Path source = folder.resolve("source");
        Files.writeString(source, template);
        return new Template(source).render(View.of(services.map()));
    }

    @Test
    void an_upstream_is_written_as_it_reads() throws Exception {
        assertThat(rendered("""
                upstream web {
                {% for one in service.web.instances %}
                    {# drains, or fails its check #}
                    server {{ one.endpoint }} weight={{ one.weight }}{% if not one.up %} down{% endif %};
                {% endfor %}
                }
                """)).isEqualTo("""
                upstream web {
                    server 10.0.0.1:8080 weight=100;
                    server 10.0.0.1:8081 weight=100;
                    server 10.0.0.1:8082 weight=100 down;
                }
                """);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '^',
            quoteCharacter = '`',
            value = {
                "{% for s in services %}{{ s.name }} {% endfor %}^nginx web",
                "{{ service.web.up | length }} of {{ service.web.instances | length }}^2 of 3",
                "{{ service.absent.instances | length }}{{ service['no-such'].settings.x }}^0",
                "{% for s in services %}{{ loop.index }}{{ s.name }}{% if not loop.last %}, {% endif %}{% endfor %}^0nginx, 1web",
                "{{ service.nginx.settings.dns_name }}^www.example.com",
                "{{ service.nginx.settings.other }}.^.",
                "{{ service.nginx.routes[0].host }}{{ service.nginx.routes[0].path }}^www.example.com/a%20b",
                "{{ service.web.instances | pluck('instance') | sort | join(',') }}^web01,web02,web03",
                "{{ service.web.instances | sort('port') | pluck('port') | join(' ') }}^8080 8081 8082",
                "{{ service.web.instances | where('state', 'draining') | pluck('instance') | join }}^web03",
                "{{ service.web.instances | where('up') | length }}^2",
                "{{ service.web.instances | where('attributes.tier', 'gold') | length }}^2",
                "{% for g in service.web.instances | group('attributes.tier') %}{{ g.key }}:{{ g['items'] | length }} {% endfor %}^gold:2 silver:1",
                "{{ service.web.up | pluck('endpoint') | json }}^[\"10.0.0.1:8080\",\"10.0.0.1:8081\"]",
                "{{ 'user:secret' | base64 }} {{ 'dXNlcjpzZWNyZXQ=' | base64decode }}^dXNlcjpzZWNyZXQ= user:secret",
                "{{ 'dXNlcg==' | base64decode | upper }}^USER",
                "{% for t in service.web.instances[1].tags %}{{ t }} {% endfor %}^blue a?b",
                "{% if service.web.instances[1].tags contains 'blue' %}yes{% endif %}^yes",
                "{% if service.web.instances[0].attributes.tier == 'silver' %}yes{% endif %}^yes",
                "{% for a in service.web.instances[1].attributes %}{{ a.key }}={{ a.value }} {% endfor %}^tags=blue,a?b tier=gold",
            })
    void expressions(String template, String text) throws Exception {
        assertThat(rendered(template).strip()).isEqualTo(text.strip());
    }

    /** Whoever may register an instance chooses these texts. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{{ m }}",
                "{{ m | upper }}",
                "{{ m | trim }}",
                "{{ m | replace({'server': 'x'}) }}",
                "{{ m | default('x') }}",
                "{{ m ~ '' }}",
                "{{ [m] | join(',') }}",
                "{{ service.web.instances | pluck('attributes.motto') | join(',') }}",
                "{{ service.web.instances | group('attributes.motto') | pluck('key') | join(',') }}",
                "{{ m | base64 | base64decode }}",
                "{{ m | line }}",
                "{{ m | json }}",
                "{{ {'a': [m]} | json }}",
                "{{ m | urlencode }}",
                "{{ m | pem }}",
                "{{ m | first }}",
                "{{ m | slice(0, 20) }}",
                "{{ m | split(';') | last }}",
                "{{ m | sha256 }}",
                "{% set n = m %}{{ n }}",
                "{% filter upper %}{{ m }}{% endfilter %}",
            })
    void a_free_text_ends_no_line(String template) throws Exception {
        String text = rendered("{% set m = service.web.instances[0].attributes.motto %}" + template);
        assertThat(text.codePoints().noneMatch(c -> Character.isISOControl(c) || c == 0x2028))
                .as(text)
                .isTrue();
    }

    @Test
    void a_free_text_is_as_it_is_where_its_way_of_writing_is_said() throws Exception {
        String motto = "{% set m = service.web.instances[0].attributes.motto %}";
        assertThat(rendered(motto + "{{ m | json }}")).isEqualTo("\"a\\\"; }\\nserver { listen 81; }\\u2028#\"");
        assertThat(rendered(motto + "{{ m | line }}")).isEqualTo("a\"; }?server { listen 81; }?#");
        assertThat(rendered(motto + "{{ m }}")).isEqualTo("a?????server???listen?81?????");
        assertThat(rendered("{{ service.nginx.settings.ssl_cert | pem }}"))
                .isEqualTo("-----BEGIN CERTIFICATE-----\nMIIB+/=\n-----END CERTIFICATE-----\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '^',
            value = {
                "{{ service.web.instances[0].adress }}^adress",
                "{% for x in %}^source:2",
                "{{ nobody }}^nobody",
                "{{ service.web.instances | sort('nothing') }}^nothing",
                "{{ 'x' | raw }}^raw",
                "{{ 'x' | escape }}^escape",
                "{% autoescape false %}x{% endautoescape %}^autoescape",
                "{{ 'x'.getClass() }}^getClass",
                "{{ services.getClass() }}^getClass",
                "{% include 'absent' %}^absent",
            })
    void what_is_not_there_is_an_error_that_says_where(String template, String word) {
        assertThatThrownBy(() -> rendered("first\n" + template))
                .isInstanceOf(ProviderException.class)
                .hasMessageContaining(folder.toString())
                .hasMessageContaining(word);
    }

    @Test
    void a_template_includes_its_neighbours() throws Exception {
        Files.writeString(folder.resolve("one"), "server {{ one.endpoint }};\n");
        assertThat(rendered("""
                {% for one in service.web.up %}
                {% include "one" %}
                {% endfor %}
                """)).isEqualTo("server 10.0.0.1:8080;\nserver 10.0.0.1:8081;\n");
    }
}
