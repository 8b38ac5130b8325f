package dev.muster.provider.haproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.model.InstanceState;
import dev.muster.provider.ProviderException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServerChangesTest {

    private static final String TAIL = " 1 6 3 3 6 0 0 0 - 8001 - 0 0 - - 0";

    private static ServerRow row(String backend, String server, int admin, int weight) throws ProviderException {
        String line = "4 %s 1 %s 127.0.0.1 2 %d %d 100".formatted(backend, server, admin, weight) + TAIL;
        return ServerRow.parse("1\n" + ServerRow.COLUMNS + "\n" + line + "\n\n").getFirst();
    }

    private static ServerChanges between(Desired desired, ServerRow... rows) {
        return ServerChanges.between(
                Set.of("web"), HaproxyModel.of(desired.services()).servers(Path.of("/pem")), List.of(rows));
    }

    /** What is wanted, the admin bits and the weight that are there, and what has to be said about web/w:127.0.0.1:8001. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "UP       | 100 | 0  | 100 | ''",
                "UP       | 50  | 0  | 100 | weight 50;state ready",
                "UP       | 100 | 8  | 0   | weight 100;state ready",
                "UP       | 100 | 1  | 100 | weight 100;health;state ready",
                "UP       | 0   | 0  | 0   | ''",
                "DRAINING | 100 | 8  | 0   | ''",
                "DRAINING | 100 | 0  | 100 | state drain;weight 0",
                "DRAINING | 100 | 0  | 0   | state drain;weight 0",
                "DOWN     | 100 | 0  | 100 | state drain;weight 0",
                "DOWN     | 100 | 1  | 0   | state drain;weight 0",
            })
    void a_server_is_told_what_differs_and_nothing_else(
            InstanceState state, int weight, int adminThere, int weightThere, String said) throws Exception {
        ServerChanges changes = between(
                Desired.nothing().target("web", "w", 8001, state, weight),
                row("web", "w:127.0.0.1:8001", adminThere, weightThere));
        assertThat(changes.commands().stream()
                        .map(command -> command.replace("set server web/w:127.0.0.1:8001 ", "")
                                .replace("enable health web/w:127.0.0.1:8001", "health"))
                        .reduce((a, b) -> a + ";" + b)
                        .orElse(""))
                .isEqualTo(said);
        assertThat(changes.differing()).hasSize(said.isEmpty() ? 0 : 1);
    }

    @Test
    void joins_come_before_returns_and_returns_before_stops() throws Exception {
        ServerChanges changes = between(
                Desired.nothing()
                        .up("web", "new", 8002)
                        .up("web", "back", 8003)
                        .target("web", "out", 8004, InstanceState.DRAINING, 100),
                row("web", "left:127.0.0.1:8001", 0, 100),
                row("web", "back:127.0.0.1:8003", 8, 0),
                row("web", "out:127.0.0.1:8004", 0, 100));
        assertThat(changes.commands())
                .containsExactly(
                        "add server web/new:127.0.0.1:8002 127.0.0.1:8002 weight 100 " + ServerArguments.PLAIN.text(),
                        "enable health web/new:127.0.0.1:8002",
                        "set server web/new:127.0.0.1:8002 state ready",
                        "set server web/back:127.0.0.1:8003 weight 100",
                        "set server web/back:127.0.0.1:8003 state ready",
                        "set server web/out:127.0.0.1:8004 state drain",
                        "set server web/out:127.0.0.1:8004 weight 0",
                        "set server web/left:127.0.0.1:8001 state drain");
        assertThat(changes.leaving()).extracting(ServerRow::server).containsExactly("left:127.0.0.1:8001");
    }

    @Test
    void what_is_a_persons_stays() throws Exception {
        ServerChanges changes =
                between(Desired.nothing(), row("theirs", "w:127.0.0.1:8001", 0, 100), row("web", "backup", 0, 100));
        assertThat(changes.commands()).isEmpty();
        assertThat(changes.leaving()).isEmpty();
        assertThat(between(Desired.nothing(), row("web", "w:127.0.0.1:8001", 0, 100))
                        .leaving())
                .hasSize(1);
    }

    @Test
    void half_an_answer_is_none() {
        String whole = "1\n" + ServerRow.COLUMNS + "\n4 web 1 w:127.0.0.1:8001 127.0.0.1 2 0 100 100" + TAIL + "\n\n";
        for (int length = 0; length < whole.length(); length++) {
            String half = whole.substring(0, length);
            assertThatThrownBy(() -> ServerRow.parse(half)).as(half).isInstanceOf(ProviderException.class);
        }
    }
}
