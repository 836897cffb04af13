package org.dartscc.orchestrator.imported;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.dartscc.model.space.OperatorSignature;

/**
 * What a table says in our words.
 *
 * @param format that it was read as
 * @param source what the file says of itself; null when it says nothing
 * @param fixedMicros by name of a space: what every network of it pays beside its operators
 * @param marginShare relative error of its predictions, where the file tells one; else null
 * @param notes what could not be taken over as it is
 */
record OperatorTable(
        TableFormat format,
        String source,
        Map<OperatorSignature, Entry> operators,
        Map<String, Double> fixedMicros,
        Double marginShare,
        List<String> notes) {
    private static final double MOST_MICROS = 1e9;

    /** One operator, in microseconds; a sample count of 0 stands for an unknown one. */
    record Entry(double micros, double spreadMicros, int samples) {
        static Entry of(String where, double micros, double spreadMicros, int samples) {
            if (samples < 0) {
                throw new MalformedTableException(where, "there can't be %d samples".formatted(samples));
            }
            return new Entry(requireMicros(where, micros), requireMicros(where, spreadMicros), samples);
        }
    }

    /** Collects the rows of a table, wherever they stand in it. */
    static final class Builder {
        private final Map<OperatorSignature, Entry> operators = new LinkedHashMap<>();
        private final Map<String, Double> fixedMicros = new LinkedHashMap<>();
        private final List<String> notes = new ArrayList<>();

        /** Adds a row; each operator has one. */
        void add(String where, OperatorSignature signature, Entry entry) {
            if (operators.putIfAbsent(signature, entry) != null) {
                throw new MalformedTableException(where, "there is a second row for " + signature);
            }
        }

        void fixed(String where, String space, double micros) {
            if (fixedMicros.putIfAbsent(space, requireMicros(where, micros)) != null) {
                throw new MalformedTableException(where, "there is a second fixed part for " + space);
            }
        }

        void note(String note) {
            notes.add(note);
        }

        OperatorTable build(TableFormat format, String source, Double marginShare) {
            if (operators.isEmpty()) {
                throw new MalformedTableException(
                        "content", "no operator of the table is one of ours" + (notes.isEmpty() ? "" : "; " + notes));
            }
            return new OperatorTable(format, source, operators, fixedMicros, marginShare, notes);
        }
    }

    static double requireMicros(String where, double micros) {
        if (!(micros >= 0 && micros <= MOST_MICROS)) {
            throw new MalformedTableException(where, "a cost is within 0..1e9 microseconds, not " + micros);
        }
        return micros;
    }
}
