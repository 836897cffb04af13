package org.dartscc.orchestrator.imported;

import java.util.ArrayList;
import java.util.List;

/** CSV tables without quoting, whose errors name the line; empty lines and lines that begin with # are left out. */
final class TableCsv {
    private TableCsv() {}

    /** A line and its number, from 1. */
    record Line(int number, List<String> cells) {
        String where() {
            return "line " + number;
        }

        String cell(int column) {
            if (column >= cells.size()) {
                throw new MalformedTableException(where(), "it has %d cells, too few".formatted(cells.size()));
            }
            return cells.get(column);
        }

        boolean has(int column) {
            return column < cells.size() && !cells.get(column).isEmpty();
        }

        double number(int column) {
            try {
                return Double.parseDouble(cell(column));
            } catch (NumberFormatException e) {
                throw new MalformedTableException(where(), "\"%s\" is no number".formatted(cell(column)));
            }
        }

        int integer(int column) {
            try {
                return Integer.parseInt(cell(column));
            } catch (NumberFormatException e) {
                throw new MalformedTableException(where(), "\"%s\" is no whole number".formatted(cell(column)));
            }
        }
    }

    /** The lines after the header. */
    static List<Line> rows(String content, String header) {
        var rows = new ArrayList<Line>();
        boolean headed = false;
        int number = 0;
        for (var text : content.lines().toList()) {
            number++;
            if (text.isBlank() || text.startsWith("#")) {
                continue;
            }
            if (headed) {
                rows.add(new Line(number, cells(text)));
            } else if (!text.strip().startsWith(header)) {
                throw new MalformedTableException(
                        "line " + number, "the header begins with \"%s\", not with \"%s\"".formatted(header, text));
            }
            headed = true;
        }
        return rows;
    }

    private static List<String> cells(String text) {
        var cells = new ArrayList<String>();
        for (var cell : text.split(",", -1)) {
            cells.add(cell.strip());
        }
        return cells;
    }
}
