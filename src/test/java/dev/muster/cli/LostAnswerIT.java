package dev.muster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.testkit.EtcdProcess;
import dev.muster.testkit.Ports;
import dev.muster.testkit.TcpProxy;
import dev.muster.wiring.Wiring;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a person has asked for is done, and the answer does not come. */
class LostAnswerIT {

    private EtcdProcess etcd;
    private TcpProxy proxy;
    private final Called called = new Called(Wiring::new);

    @BeforeEach
    void start() {
        etcd = EtcdProcess.start();
        proxy = new TcpProxy(etcd.endpoint().getPort());
    }

    @AfterEach
    void stop() {
        proxy.close();
        etcd.close();
    }

    private int muster(String... words) {
        String[] all = java.util.Arrays.copyOf(words, words.length + 2);
        all[words.length] = "--etcd-endpoints=http://127.0.0.1:" + proxy.port();
        all[words.length + 1] = "--etcd-timeout=2s";
        return called.muster(all);
    }

    private String stored() {
        return etcd.ctl("get", "--print-value-only", "/services/web/dns_ttl").strip();
    }

    /** From the moment on that it is stored nothing comes back. */
    private Predicate<byte[]> once(String value) {
        return piece -> stored().equals(value);
    }

    /** The same, and the connection goes too. */
    private Predicate<byte[]> cutOnce(String value) {
        return piece -> {
            boolean done = stored().equals(value);
            if (done) {
                proxy.refuse();
            }
            return done;
        };
    }

    @Test
    void a_setting_of_which_no_answer_comes_is_told_as_not_known_with_a_way_to_look() {
        proxy.drop(once("60"));
        assertThat(muster("set", "web", "dns_ttl", "60")).isEqualTo(ExitCode.UNKNOWN);
        assertThat(called.err())
                .contains("put /services/web/dns_ttl: ", "whether it was done is not known. To look: muster get web");
        assertThat(called.out()).isEmpty();
        assertThat(stored()).isEqualTo("60");
    }

    @Test
    void a_setting_whose_connection_is_cut_before_the_answer_is_told_the_same_way() {
        proxy.drop(cutOnce("60"));
        assertThat(muster("set", "web", "dns_ttl", "60")).isEqualTo(ExitCode.UNKNOWN);
        assertThat(called.err())
                .contains("whether it was done is not known. To look: muster get web")
                .doesNotContain("invoked");
        assertThat(stored()).isEqualTo("60");
    }

    @Test
    void a_setting_that_is_taken_away_likewise() {
        etcd.put("/services/web/dns_ttl", "60");
        proxy.drop(cutOnce(""));
        assertThat(muster("unset", "web", "dns_ttl")).isEqualTo(ExitCode.UNKNOWN);
        assertThat(called.err())
                .contains("delete /services/web/dns_ttl: ", "whether it was done is not known. To look: muster get web")
                .doesNotContain("invoked");
        assertThat(stored()).isEmpty();
    }

    @Test
    void where_nothing_can_have_been_done_it_has_failed() {
        proxy.close();
        proxy = new TcpProxy(Ports.free());
        assertThat(muster("set", "web", "dns_ttl", "60")).isEqualTo(ExitCode.FAILED);
        assertThat(muster("unset", "web", "dns_ttl")).isEqualTo(ExitCode.FAILED);
        assertThat(called.err()).doesNotContain("not known");
    }
}
