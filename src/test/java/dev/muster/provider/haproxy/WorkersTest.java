package dev.muster.provider.haproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.provider.ProviderException;
import java.util.List;
import org.junit.jupiter.api.Test;

class WorkersTest {

    private static final String START = """
            #<PID>          <type>          <reloads>       <uptime>        <version>
            15049           master          2 [failed: 1]   0d00h08m25s     2.6.12-1+deb12u4
            # workers
            """;

    @Test
    void old_workers_and_failed_reloads_are_told_apart() throws Exception {
        Workers workers = Workers.parse(START
                + "29176           worker          0               0d00h00m01s     2.6.12-1+deb12u4\n"
                + "# old workers\n"
                + "29038           worker          1               0d00h00m04s     2.6.12-1+deb12u4\n"
                + "# programs\n\n");
        assertThat(workers).isEqualTo(new Workers(15049, 1, 29176, List.of(29038L)));
    }

    @Test
    void no_worker_is_an_error() {
        assertThatThrownBy(() -> Workers.parse(START + "# programs\n\n")).isInstanceOf(ProviderException.class);
        assertThatThrownBy(() -> Workers.parse("")).isInstanceOf(ProviderException.class);
    }

    @Test
    void alerts_are_shown_without_process_ids_and_ends() {
        assertThat(Answers.alerts("""
                        [NOTICE]   (13328) : haproxy version is 2.6.12
                        [ALERT]    (13328) : config : parsing [/x/a.cfg:3] : unknown keyword 'foo' in 'global' section
                        [ALERT]    (13328) : config : Error(s) found in configuration file : /x/a.cfg
                        [ALERT]    (13328) : config : Fatal errors found in configuration.
                        """)).isEqualTo("parsing [/x/a.cfg:3] : unknown keyword 'foo' in 'global' section");
        assertThat(Answers.alerts("sh: not found\n")).isEqualTo("sh: not found");
    }
}
