package org.dartscc.orchestrator.imported;

import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.JsonNode;

import org.dartscc.model.space.OperatorSignature;
import org.dartscc.orchestrator.imported.OperatorTable.Entry;

/**
 * A table of TF-NAS (Hu et al., ECCV 2020): for each place the milliseconds of an inverted bottleneck by the width of
 * its expansion. Our blocks expand three and six times, and have neither squeeze-and-excitation nor swish.
 */
final class TfNasTable {
    /** Input size, input width, width of squeeze-and-excitation, output width, kernel, stride, activation. */
    private static final Pattern KEY =
            Pattern.compile("MBInvertedResBlock_(\\d{1,4})_(\\d{1,4})_(\\d{1,4})_(\\d{1,4})_k(\\d)_s(\\d)_([a-z0-9]+)");

    private static final double MICROS_PER_MILLI = 1000;
    private static final int[] EXPANSIONS = {3, 6};

    private TfNasTable() {}

    static OperatorTable read(JsonNode document) {
        var table = new OperatorTable.Builder();
        var counts = new Counts();
        document.properties().forEach(place -> {
            var key = KEY.matcher(place.getKey());
            if (!key.matches()) {
                if (!place.getValue().isNumber()) {
                    throw new MalformedTableException(place.getKey(), "this is no place of a block");
                }
                return;
            }
            if (!key.group(3).equals("0") || !key.group(7).startsWith("relu")) {
                counts.foreign++;
                return;
            }
            for (int expansion : EXPANSIONS) {
                add(table, place.getKey(), place.getValue(), key, expansion, counts);
            }
        });
        if (counts.foreign > 0) {
            table.note(counts.foreign + " places have squeeze-and-excitation or swish, which ours do not have");
        }
        if (counts.clipped > 0) {
            table.note(counts.clipped + " negative costs were set to 0");
        }
        table.note("blocks are " + InvertedBottlenecks.ACTIVATION_NOTE);
        table.note("its stem and head are those of another network: the fixed part of our spaces is unknown");
        return table.build(TableFormat.TFNAS, "TF-NAS block table", null);
    }

    private static final class Counts {
        private int foreign;
        private int clipped;
    }

    private static void add(
            OperatorTable.Builder table,
            String place,
            JsonNode byWidth,
            java.util.regex.Matcher key,
            int expansion,
            Counts counts) {
        int in = Integer.parseInt(key.group(2));
        var where = place + "." + expansion * in;
        var node = byWidth.path(Integer.toString(expansion * in));
        if (node.isMissingNode()) {
            return;
        }
        double micros = TableJson.number(node, where) * MICROS_PER_MILLI;
        if (micros < 0) {
            counts.clipped++;
        }
        var entry = new Entry(OperatorTable.requireMicros(where, Math.max(0, micros)), 0, 0);
        signatures(where, key, expansion, in).forEach(signature -> table.add(where, signature, entry));
    }

    private static java.util.List<OperatorSignature> signatures(
            String where, java.util.regex.Matcher key, int expansion, int in) {
        try {
            return InvertedBottlenecks.of(
                    Integer.parseInt(key.group(5)),
                    expansion,
                    in,
                    Integer.parseInt(key.group(1)),
                    Integer.parseInt(key.group(4)),
                    Integer.parseInt(key.group(6)));
        } catch (IllegalArgumentException e) {
            throw new MalformedTableException(where, e.getMessage());
        }
    }
}
