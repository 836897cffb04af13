package org.dartscc.orchestrator.imported;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

import com.fasterxml.jackson.databind.JsonNode;

import org.dartscc.model.network.Shape;
import org.dartscc.model.space.Operator;
import org.dartscc.model.space.OperatorSignature;
import org.dartscc.model.space.Position;
import org.dartscc.model.space.SearchSpace;
import org.dartscc.model.space.SpaceSpec;
import org.dartscc.orchestrator.imported.OperatorTable.Entry;

/**
 * Tables of FBNet's blocks, layer by layer, in milliseconds, with what every network of the space pays in
 * {@code base_ms}. A layer that changes the shape has no free choice, so that its entries are relative to its skip,
 * whose own cost is within the base. A layer with negative entries is moved up to 0 and the base down by as much, which
 * leaves every sum as it was.
 */
final class FbnetTable {
    private static final String SPACE = "fbnet";
    private static final double MICROS_PER_MILLI = 1000;
    /** The layers of HW-NAS-Bench's variant, which a file without layers has. */
    private static final SpaceSpec PUBLISHED = new SpaceSpec(SPACE, new Shape(3, 32, 32), 100);

    private FbnetTable() {}

    static OperatorTable read(JsonNode document, String entry) {
        var where = "devices." + name(document.path("devices"), entry);
        var device = document.path("devices").get(where.substring("devices.".length()));
        var space = PUBLISHED.create();
        var operators = operators(document, space);
        var layers = layers(document, space);
        var rows = device.path("table_ms");
        if (rows.size() != layers.size()) {
            throw new MalformedTableException(
                    where + ".table_ms", "it has %d layers, the space %d".formatted(rows.size(), layers.size()));
        }
        double base = TableJson.number(device.path("base_ms"), where + ".base_ms") * MICROS_PER_MILLI;
        Map<OperatorSignature, List<Double>> costs = new LinkedHashMap<>();
        int moved = 0;
        for (int l = 0; l < layers.size(); l++) {
            var micros = micros(rows.get(l), operators.size(), "%s.table_ms[%d]".formatted(where, l));
            double least = Math.min(0, micros.stream().mapToDouble(m -> m).min().orElse(0));
            base += least;
            moved += least < 0 ? 1 : 0;
            for (int o = 0; o < operators.size(); o++) {
                costs.computeIfAbsent(layers.get(l).signature(operators.get(o)), s -> new ArrayList<>())
                        .add(micros.get(o) - least);
            }
        }
        return table(where, costs, Math.max(0, base), moved, source(document, where));
    }

    private static OperatorTable table(
            String where, Map<OperatorSignature, List<Double>> costs, double base, int moved, String source) {
        var table = new OperatorTable.Builder();
        costs.forEach((signature, values) -> {
            double mean = values.stream().mapToDouble(v -> v).average().orElseThrow();
            double half = (values.stream().mapToDouble(v -> v).max().orElseThrow()
                            - values.stream().mapToDouble(v -> v).min().orElseThrow())
                    / 2;
            table.add(where, signature, new Entry(OperatorTable.requireMicros(where, mean), half, values.size()));
        });
        table.fixed(where + ".base_ms", SPACE, base);
        table.note("layers of one shape are one operator of ours: their mean counts");
        table.note("entries of layers that change the shape are relative, the rest is in the fixed part");
        if (moved > 0) {
            table.note(moved + " layers with negative entries were moved up to 0, and the fixed part down");
        }
        return table.build(TableFormat.FBNET, source, null);
    }

    private static String source(JsonNode document, String where) {
        var text = document.path("space").asText(document.path("note").asText("FBNet block table"));
        return text + ", " + where.substring("devices.".length());
    }

    private static String name(JsonNode devices, String entry) {
        var names = StreamSupport.stream(((Iterable<String>) devices::fieldNames).spliterator(), false)
                .toList();
        if (names.isEmpty()) {
            throw new MalformedTableException("devices", "the table has no devices");
        }
        if (entry == null && names.size() > 1) {
            throw new MalformedTableException("entry", "the file has several devices, say which: " + names);
        }
        if (entry != null && !names.contains(entry)) {
            throw new MalformedTableException(
                    "entry", "the file has no device \"%s\", only %s".formatted(entry, names));
        }
        return entry == null ? names.get(0) : entry;
    }

    private static List<Operator> operators(JsonNode document, SearchSpace space) {
        var names = document.path("ops");
        if (names.isMissingNode()) {
            return space.decisions().get(0).options();
        }
        var operators = new ArrayList<Operator>();
        for (int i = 0; i < names.size(); i++) {
            var name = names.get(i).asText();
            try {
                operators.add(name.equals("skip") ? Operator.SKIP_BLOCK : Operator.of(name));
            } catch (IllegalArgumentException e) {
                throw new MalformedTableException("ops[%d]".formatted(i), e.getMessage());
            }
        }
        return operators;
    }

    private static List<Position> layers(JsonNode document, SearchSpace space) {
        var layers = document.path("layers");
        if (layers.isMissingNode()) {
            return space.positions();
        }
        var positions = new ArrayList<Position>();
        for (int l = 0; l < layers.size(); l++) {
            var where = "layers[%d].".formatted(l);
            var layer = layers.get(l);
            int size = TableJson.integer(layer.path("H"), where + "H");
            int in = TableJson.integer(layer.path("Cin"), where + "Cin");
            int out = TableJson.integer(layer.path("Cout"), where + "Cout");
            int stride = TableJson.integer(layer.path("stride"), where + "stride");
            try {
                positions.add(new Position(l, new Shape(in, size, size), out, stride));
                new OperatorSignature(Operator.K3_E1, in, size, size, out, stride);
            } catch (IllegalArgumentException e) {
                throw new MalformedTableException("layers[%d]".formatted(l), e.getMessage());
            }
        }
        return positions;
    }

    private static List<Double> micros(JsonNode row, int operators, String where) {
        if (row.size() != operators) {
            throw new MalformedTableException(where, "it has %d entries, not %d".formatted(row.size(), operators));
        }
        return java.util.stream.IntStream.range(0, operators)
                .mapToObj(o -> TableJson.number(row.get(o), where + "[" + o + "]") * MICROS_PER_MILLI)
                .collect(Collectors.toList());
    }
}
