package org.dartscc.orchestrator.model;

/** What is known of a model's latency on its device. */
enum Verification {
    PENDING("pending"),
    /** The device timed the very file. */
    MEASURED("measured"),
    /** The device is a table: nobody here can time the file on it. */
    NOT_POSSIBLE("not possible: imported");

    private final String words;

    Verification(String words) {
        this.words = words;
    }

    String words() {
        return words;
    }
}
