package org.dartscc.model.message;

/** Kafka topics, their keys and headers. Every record's value is JSON with a {@code schemaVersion}. */
public final class Topics {
    /** Orchestrator to one trainer; no key, partition = task number mod partitions. */
    public static final String TRAINING_TASKS = "training-tasks";

    /** Trainer to orchestrator; key = search. */
    public static final String TRAINING_RESULTS = "training-results";

    /** Orchestrator to one device's agent; key = device. */
    public static final String MEASUREMENT_REQUESTS = "measurement-requests";

    /** Agent to orchestrator, compacted; key = device + "/" + what was measured. */
    public static final String OP_COSTS = "op-costs";

    /** Agent to orchestrator; key = model. */
    public static final String MODEL_MEASUREMENTS = "model-measurements";

    /** Orchestrator to exporter; key = model. */
    public static final String MODEL_REQUESTS = "model-requests";

    /** Exporter to orchestrator; key = model. */
    public static final String EXPORTED_MODELS = "exported-models";

    /** Appended to a topic's name: where records go that could not be understood, the cause in their headers. */
    public static final String DEAD_LETTER_SUFFIX = "-dlq";

    public static final int TRAINING_TASK_PARTITIONS = 32;

    /** Header of everything an agent sends: its device's token. A record without the device's own token is refused. */
    public static final String DEVICE_TOKEN_HEADER = "dartscc-device-token";

    /** Version of the records in this package; a record of another version goes to the dead-letter topic. */
    // No constant for the compiler, which would copy it into classes that a partial build then leaves as they were.
    public static final int SCHEMA_VERSION = Integer.parseInt("2");

    private Topics() {}

    static int requireKnown(int schemaVersion) {
        if (schemaVersion != SCHEMA_VERSION) {
            throw new IllegalArgumentException("schemaVersion %d is not known here; this service speaks %d"
                    .formatted(schemaVersion, SCHEMA_VERSION));
        }
        return schemaVersion;
    }
}
