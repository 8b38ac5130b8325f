package dev.muster.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TableTest {

    private static final Terminal PLAIN = new Terminal(System.out, System.err, false, false, System.in);
    private static final Terminal COLOURED = new Terminal(System.out, System.err, true, true, System.in);

    @Test
    void columnsAreAsWideAsTheirWidestCellWithoutBlanksAtTheEnd() {
        Table table = new Table("A", "LONG", "Z");
        table.row(Table.Cell.of("wider"), Table.Cell.of(""), Table.Cell.of("z"));
        table.row(Table.Cell.of("w"), Table.Cell.of("x"), Table.Cell.of(""));

        assertThat(table.lines(PLAIN)).containsExactly("A      LONG  Z", "wider        z", "w      x");
    }

    @Test
    void coloursDoNotChangeTheWidths() {
        Table table = new Table("A", "B");
        table.row(Table.Cell.of("x", Terminal.Style.RED), Table.Cell.of("y"));

        List<String> plain = table.lines(PLAIN);
        List<String> bare = table.lines(COLOURED).stream()
                .map(line -> line.replaceAll("\u001b\\[[0-9]+m", ""))
                .toList();
        assertThat(bare).isEqualTo(plain);
        assertThat(table.lines(COLOURED).getLast()).contains("\u001b[31mx\u001b[0m");
    }

    @Test
    void whatOthersWroteCannotSteerTheTerminal() {
        Table table = new Table("IMAGE");
        table.row(Table.Cell.of("a\u001b[2J\n\u202eb"));

        assertThat(table.lines(PLAIN).getLast()).isEqualTo("a\\u001b[2J\\u000a\\u202eb");
    }

    @Test
    void coloursAreForTerminalsWhosePersonWantsThem() {
        assertThat(Terminal.ofProcess(true, Map.of()).colours()).isTrue();
        assertThat(Terminal.ofProcess(true, Map.of("NO_COLOR", "")).colours()).isTrue();
        assertThat(Terminal.ofProcess(true, Map.of("NO_COLOR", "1")).colours()).isFalse();
        assertThat(Terminal.ofProcess(false, Map.of()).colours()).isFalse();
        assertThat(Terminal.ofProcess(true, Map.of("NO_COLOR", "1")).screen()).isTrue();
    }

    @Test
    void aRowHasAsManyCellsAsThereAreHeadings() {
        assertThatThrownBy(() -> new Table("A", "B").row(Table.Cell.of("x")))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
