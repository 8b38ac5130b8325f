package dev.muster.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Columns under headings, as wide as their widest cell. What others wrote cannot steer the terminal. */
final class Table {

    /** @param style how it is painted where colours are wanted */
    record Cell(String text, Optional<Terminal.Style> style) {

        static Cell of(String text) {
            return new Cell(text, Optional.empty());
        }

        static Cell of(String text, Terminal.Style style) {
            return new Cell(text, Optional.of(style));
        }
    }

    private static final String GAP = "  ";

    private final List<List<Cell>> rows = new ArrayList<>();
    private final int columns;

    Table(String... headings) {
        columns = headings.length;
        List<Cell> first = new ArrayList<>();
        for (String heading : headings) {
            first.add(Cell.of(heading, Terminal.Style.BOLD));
        }
        rows.add(first);
    }

    void row(Cell... cells) {
        if (cells.length != columns) {
            throw new IllegalArgumentException("%d cells for %d columns".formatted(cells.length, columns));
        }
        rows.add(List.of(cells));
    }

    /** Each line ends with its last cell, without blanks behind it. */
    List<String> lines(Terminal terminal) {
        int[] widths = new int[columns];
        for (List<Cell> row : rows) {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], shown(row.get(i)).length());
            }
        }
        List<String> lines = new ArrayList<>();
        for (List<Cell> row : rows) {
            StringBuilder line = new StringBuilder();
            int blanks = 0;
            for (int i = 0; i < columns; i++) {
                String text = shown(row.get(i));
                if (!text.isEmpty()) {
                    line.append(" ".repeat(blanks)).append(painted(terminal, row.get(i), text));
                    blanks = 0;
                }
                blanks += widths[i] - text.length() + GAP.length();
            }
            lines.add(line.toString());
        }
        return lines;
    }

    private static String painted(Terminal terminal, Cell cell, String text) {
        return cell.style().map(style -> terminal.paint(style, text)).orElse(text);
    }

    private static String shown(Cell cell) {
        return Terminal.safe(cell.text());
    }
}
