package dev.muster.provider.haproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.model.Target;
import dev.muster.provider.ProviderException;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class InFlightTest {

    private static final Target A = new Target("127.0.0.1", 8001);
    private static final Target B = new Target("127.0.0.1", 8002);
    private static final String HEAD = "# pxname,svname,qcur,qmax,scur,smax,slim,\n";

    @Test
    void requests_at_a_target_and_those_that_wait_for_it_are_summed_over_workers_and_servers() throws Exception {
        InFlight inFlight = new InFlight(new TreeMap<>(Map.of("web", new TreeSet<>(Set.of(A, B)))));
        inFlight.add(SessionRow.parse(HEAD + "web,a:127.0.0.1:8001,1,5,2,3,,\nweb,c:127.0.0.1:8003,0,0,9,9,,\n\n"));
        inFlight.add(SessionRow.parse(HEAD + "web,old:127.0.0.1:8001,0,0,1,1,,\nweb,theirs,0,0,9,9,,\n\n"));
        assertThat(inFlight.counted()).isEqualTo(Map.of("web", Map.of(A, 4, B, 0)));
    }

    @Test
    void half_an_answer_is_none() {
        for (String answer : new String[] {"", HEAD + "web,a,0,0", HEAD + "web,a,0\n\n", HEAD + "web,a,0,0,x,\n\n"}) {
            assertThatThrownBy(() -> SessionRow.parse(answer)).isInstanceOf(ProviderException.class);
        }
    }
}
