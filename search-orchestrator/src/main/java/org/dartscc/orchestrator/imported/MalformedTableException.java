package org.dartscc.orchestrator.imported;

/** A table that can't be read; {@code where} names the line or the field. */
public final class MalformedTableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String where;

    MalformedTableException(String where, String message) {
        super(message);
        this.where = where;
    }

    public String where() {
        return where;
    }
}
