package org.dartscc.orchestrator.imported;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;

/**
 * A table of operators as a user sends it.
 *
 * @param format auto, fbnet, proxylessnas, tfnas, dartscc-csv or dartscc-json; auto by default
 * @param content the file's text
 * @param entry which device of a file of several
 */
public record TableUpload(
        @Size(max = 100) String format,
        @NotBlank @Size(max = 2_000_000) String content,
        @Size(max = 200) String entry) {
    public TableUpload {
        format = format == null ? TableFormat.AUTO.key() : format;
    }

    OperatorTable read() {
        TableFormat known;
        try {
            known = TableFormat.of(format);
        } catch (IllegalArgumentException e) {
            throw new MalformedTableException("format", e.getMessage());
        }
        return known.read(content, entry);
    }
}
