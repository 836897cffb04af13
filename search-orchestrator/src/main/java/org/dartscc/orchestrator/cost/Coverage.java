package org.dartscc.orchestrator.cost;

import java.util.Map;

/**
 * How much of a space a device has measured.
 *
 * @param failed missing operators that the device could not measure, and why
 */
public record Coverage(int measured, int total, Map<String, String> failed) {
    public boolean isComplete() {
        return measured == total;
    }

    /** Whether nothing more is to be waited for. */
    public boolean isSettled() {
        return measured + failed.size() == total;
    }
}
