package org.dartscc.benchmarks.tabular;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/** Columns of numbers by cell, read from a comma-separated file with a header that has a column {@code arch}. */
final class CsvTable {
    private static final String ARCHITECTURE = "arch";

    private final Path file;
    private final List<String> header;
    private final List<String[]> rows;

    private CsvTable(Path file, List<String> header, List<String[]> rows) {
        this.file = file;
        this.header = header;
        this.rows = rows;
    }

    /** @throws IllegalArgumentException when the file can't be read or has no column {@code arch} */
    static CsvTable read(Path file) {
        try {
            var lines = Files.readAllLines(file);
            if (lines.isEmpty()) {
                throw new IllegalArgumentException(file + " is empty");
            }
            var header = List.of(lines.get(0).strip().split(","));
            var rows = lines.stream()
                    .skip(1)
                    .filter(l -> !l.isBlank())
                    .map(l -> l.split(",", -1))
                    .toList();
            var table = new CsvTable(file, header, rows);
            table.column(ARCHITECTURE);
            return table;
        } catch (NoSuchFileException e) {
            throw new IllegalArgumentException("there is no file " + file, e);
        } catch (MalformedInputException e) {
            throw new IllegalArgumentException(file + " is not a text file", e);
        } catch (IOException e) {
            throw new IllegalArgumentException("can't read " + file + ": " + e.getMessage(), e);
        }
    }

    /**
     * The values of a column by cell, NaN for a cell that the file lacks.
     *
     * @throws IllegalArgumentException when there is no such column, or a line is malformed (named)
     */
    double[] values(String name) {
        int architecture = column(ARCHITECTURE);
        int value = column(name);
        var values = new double[Cells.COUNT];
        java.util.Arrays.fill(values, Double.NaN);
        for (int r = 0; r < rows.size(); r++) {
            var row = rows.get(r);
            if (row.length != header.size()) {
                throw malformed(r, "has " + row.length + " columns instead of " + header.size(), null);
            }
            try {
                values[Cells.parse(row[architecture])] = number(row[value]);
            } catch (IllegalArgumentException e) {
                throw malformed(r, "column " + name + ": " + e.getMessage(), e);
            }
        }
        return values;
    }

    private static double number(String text) {
        double value = Double.parseDouble(text);
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException(text + " is not a number");
        }
        return value;
    }

    private IllegalArgumentException malformed(int row, String what, Exception cause) {
        return new IllegalArgumentException("%s, line %d: %s".formatted(file, row + 2, what), cause);
    }

    private int column(String name) {
        int column = header.indexOf(name);
        if (column < 0) {
            throw new IllegalArgumentException(
                    "%s has no column %s, only %s".formatted(file, name, String.join(", ", header)));
        }
        return column;
    }
}
