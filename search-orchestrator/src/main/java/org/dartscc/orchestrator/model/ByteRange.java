package org.dartscc.orchestrator.model;

import java.util.Optional;
import java.util.regex.Pattern;

/** A range of a file, both ends included (RFC 9110, section 14). */
record ByteRange(int first, int last) {
    private static final Pattern ONE_RANGE = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");

    /**
     * The range that a request asks for. Empty when it asks for the whole file, in a unit that is not known, or for
     * several ranges, which a server may answer with the whole file.
     *
     * @throws IllegalArgumentException when no byte of the file is in the range
     */
    static Optional<ByteRange> of(String header, int size) {
        var m = ONE_RANGE.matcher(header == null ? "" : header.trim());
        if (!m.matches() || m.group(1).isEmpty() && m.group(2).isEmpty()) {
            return Optional.empty();
        }
        long first = m.group(1).isEmpty() ? Math.max(0, size - Long.parseLong(m.group(2))) : Long.parseLong(m.group(1));
        long last = m.group(1).isEmpty() || m.group(2).isEmpty()
                ? size - 1L
                : Math.min(size - 1L, Long.parseLong(m.group(2)));
        if (first >= size || first > last) {
            throw new IllegalArgumentException("the file has " + size + " bytes");
        }
        return Optional.of(new ByteRange((int) first, (int) last));
    }
}
