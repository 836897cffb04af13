package org.dartscc.orchestrator.imported;

import org.dartscc.model.space.OperatorSignature;
import org.dartscc.orchestrator.imported.OperatorTable.Entry;

/** The table of ProxylessNAS (Cai et al., ICLR 2019): operators of a mobile phone at 224x224, in milliseconds. */
final class ProxylessNasTable {
    static final String HEADER = "op,H_in,Cin,H_out,Cout,expand,kernel,stride";

    private static final String BLOCK = "expanded_conv";
    private static final double MICROS_PER_MILLI = 1000;
    /** Half an interquartile range of a normal distribution, per standard deviation. */
    private static final double HALF_RANGE = .6745;

    private ProxylessNasTable() {}

    static OperatorTable read(String content) {
        var table = new OperatorTable.Builder();
        int others = 0;
        for (var row : TableCsv.rows(content, HEADER)) {
            if (!row.cell(0).equals(BLOCK)) {
                others++;
                continue;
            }
            double millis = row.number(9);
            var entry = new Entry(
                    OperatorTable.requireMicros(row.where(), Math.max(0, millis) * MICROS_PER_MILLI),
                    row.has(10) ? HALF_RANGE * Math.sqrt(Math.max(0, row.number(10))) * MICROS_PER_MILLI : 0,
                    row.has(11) ? row.integer(11) : 0);
            var same = signatures(row);
            if (same.isEmpty()) {
                others++;
            }
            same.forEach(signature -> table.add(row.where(), signature, entry));
        }
        if (others > 0) {
            table.note(others + " rows are of no operator of ours (stem, head, kernel 7)");
        }
        table.note("blocks are " + InvertedBottlenecks.ACTIVATION_NOTE);
        table.note("its stem and head are those of another network: the fixed part of our spaces is unknown");
        return table.build(TableFormat.PROXYLESSNAS, "ProxylessNAS operator table", null);
    }

    private static java.util.List<OperatorSignature> signatures(TableCsv.Line row) {
        try {
            return InvertedBottlenecks.of(
                    row.integer(6), row.integer(5), row.integer(2), row.integer(1), row.integer(4), row.integer(7));
        } catch (IllegalArgumentException e) {
            throw new MalformedTableException(row.where(), e.getMessage());
        }
    }
}
