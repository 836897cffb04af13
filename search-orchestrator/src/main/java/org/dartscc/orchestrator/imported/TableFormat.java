package org.dartscc.orchestrator.imported;

import java.util.Arrays;
import java.util.stream.Collectors;

import com.fasterxml.jackson.annotation.JsonValue;

/** The formats of tables that can be imported; docs/imported-tables.md describes them. */
public enum TableFormat {
    /** Tells the format by the content. */
    AUTO("auto"),
    FBNET("fbnet"),
    PROXYLESSNAS("proxylessnas"),
    TFNAS("tfnas"),
    DARTSCC_CSV("dartscc-csv"),
    DARTSCC_JSON("dartscc-json");

    private final String key;

    TableFormat(String key) {
        this.key = key;
    }

    @JsonValue
    public String key() {
        return key;
    }

    /** @throws IllegalArgumentException naming the formats when there is none of that name */
    public static TableFormat of(String key) {
        return Arrays.stream(values())
                .filter(f -> f.key.equals(key))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no table format \"" + key + "\"; known are "
                        + Arrays.stream(values()).map(TableFormat::key).collect(Collectors.joining(", "))));
    }

    /**
     * Reads a table.
     *
     * @param entry which device of a file of several; null when it has one
     */
    OperatorTable read(String content, String entry) {
        return switch (this) {
            case AUTO -> recognised(content).read(content, entry);
            case FBNET -> FbnetTable.read(TableJson.read(content), entry);
            case PROXYLESSNAS -> ProxylessNasTable.read(content);
            case TFNAS -> TfNasTable.read(TableJson.read(content));
            case DARTSCC_CSV -> OwnTable.readCsv(content);
            case DARTSCC_JSON -> OwnTable.readJson(TableJson.read(content));
        };
    }

    private static TableFormat recognised(String content) {
        if (!content.stripLeading().startsWith("{")) {
            return content.contains(ProxylessNasTable.HEADER) ? PROXYLESSNAS : DARTSCC_CSV;
        }
        var document = TableJson.read(content);
        if (document.has("devices")) {
            return FBNET;
        }
        return document.has("operators") ? DARTSCC_JSON : TFNAS;
    }
}
