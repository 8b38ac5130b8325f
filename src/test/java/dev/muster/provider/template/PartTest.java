package dev.muster.provider.template;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PartTest {

    private static final Part PART = new Part("hosts");

    @ParameterizedTest
    @ValueSource(strings = {"", "127.0.0.1 localhost\n", "127.0.0.1 localhost"})
    void is_put_at_the_end_and_found_again(String file) {
        String with = PART.with(file, "10.0.0.1 web01\n");
        assertThat(with).startsWith(file).endsWith("# muster begin hosts\n10.0.0.1 web01\n# muster end hosts\n");
        assertThat(PART.in(with)).contains("10.0.0.1 web01\n");
    }

    @Test
    void only_what_is_between_its_lines_changes() {
        String before = "# mine\n# muster begin hosts\nold\n# muster end hosts\n# mine too";
        String after = PART.with(before, "new\nnewer\n");
        assertThat(after).isEqualTo("# mine\n# muster begin hosts\nnew\nnewer\n# muster end hosts\n# mine too");
        assertThat(PART.with(after, "")).isEqualTo("# mine\n# muster begin hosts\n# muster end hosts\n# mine too");
        assertThat(PART.in(PART.with(after, ""))).contains("");
    }

    @Test
    void a_file_without_it_has_none() {
        assertThat(PART.in("")).isEmpty();
        assertThat(PART.in("# muster begin hosts\nno end")).isEmpty();
        assertThat(PART.in("# muster begin other\n# muster end other\n")).isEmpty();
    }

    @Test
    void one_whose_end_was_lost_is_whole_again_after_two_writes() {
        String damaged = "# mine\n# muster begin hosts\nold\n";
        String once = PART.with(damaged, "new\n");
        String twice = PART.with(once, "new\n");
        assertThat(twice).isEqualTo("# mine\n# muster begin hosts\nnew\n# muster end hosts\n");
    }
}
