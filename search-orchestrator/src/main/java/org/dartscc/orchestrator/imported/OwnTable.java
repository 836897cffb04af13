package org.dartscc.orchestrator.imported;

import com.fasterxml.jackson.databind.JsonNode;

import org.dartscc.model.space.OperatorSignature;
import org.dartscc.model.space.Spaces;
import org.dartscc.orchestrator.imported.OperatorTable.Entry;

/** Our own tables: operators by their signature, in microseconds. */
final class OwnTable {
    private static final String HEADER = "signature,micros";
    private static final String FIXED = "fixed:";

    private OwnTable() {}

    /** Rows {@code SIGNATURE,MICROS[,SPREAD_MICROS[,SAMPLES]]} and {@code fixed:SPACE,MICROS}. */
    static OperatorTable readCsv(String content) {
        var table = new OperatorTable.Builder();
        for (var row : TableCsv.rows(content, HEADER)) {
            var what = row.cell(0);
            double micros = row.number(1);
            if (what.startsWith(FIXED)) {
                table.fixed(row.where(), space(row.where(), what.substring(FIXED.length())), micros);
            } else {
                double spread = row.has(2) ? row.number(2) : 0;
                int samples = row.has(3) ? row.integer(3) : 0;
                table.add(row.where(), signature(row.where(), what), Entry.of(row.where(), micros, spread, samples));
            }
        }
        return table.build(TableFormat.DARTSCC_CSV, comment(content), null);
    }

    /** A first line of comment says what the table is. */
    private static String comment(String content) {
        return content.startsWith("#")
                ? content.lines().findFirst().orElseThrow().substring(1).strip()
                : null;
    }

    /** {@code {source?, marginShare?, fixedMicros?: {SPACE: MICROS}, operators: [{signature, micros, …}]}}. */
    static OperatorTable readJson(JsonNode document) {
        var table = new OperatorTable.Builder();
        document.path("fixedMicros").properties().forEach(fixed -> {
            var where = "fixedMicros." + fixed.getKey();
            table.fixed(where, space(where, fixed.getKey()), TableJson.number(fixed.getValue(), where));
        });
        var operators = document.path("operators");
        if (!operators.isArray()) {
            throw new MalformedTableException("operators", "the table needs a list of operators");
        }
        for (int i = 0; i < operators.size(); i++) {
            var where = "operators[%d]".formatted(i);
            var row = operators.get(i);
            table.add(
                    where,
                    signature(where + ".signature", row.path("signature").asText("")),
                    Entry.of(
                            where,
                            TableJson.number(row.path("micros"), where + ".micros"),
                            row.has("spreadMicros")
                                    ? TableJson.number(row.get("spreadMicros"), where + ".spreadMicros")
                                    : 0,
                            row.has("samples") ? TableJson.integer(row.get("samples"), where + ".samples") : 0));
        }
        return table.build(
                TableFormat.DARTSCC_JSON,
                document.path("source").asText(null),
                document.has("marginShare") ? margin(document.get("marginShare")) : null);
    }

    private static Double margin(JsonNode node) {
        double share = TableJson.number(node, "marginShare");
        if (!(share >= 0 && share <= 1)) {
            throw new MalformedTableException("marginShare", "a margin is a share within 0..1, not " + share);
        }
        return share;
    }

    private static OperatorSignature signature(String where, String text) {
        try {
            return OperatorSignature.parse(text);
        } catch (IllegalArgumentException e) {
            throw new MalformedTableException(where, e.getMessage());
        }
    }

    private static String space(String where, String name) {
        if (!Spaces.names().contains(name)) {
            throw new MalformedTableException(
                    where, "there is no space \"%s\"; known are %s".formatted(name, Spaces.names()));
        }
        return name;
    }
}
