package org.dartscc.orchestrator.device;

import java.time.Duration;
import java.time.Instant;

/** Whether somebody speaks for a device now. */
public enum DeviceState {
    /** Its agent said something lately. */
    ONLINE,
    /** Its agent fell silent; its costs still count. */
    STALE,
    /** No agent ever spoke for it. */
    NEVER_SEEN,
    /** Its costs come from a table: there is no agent, and nothing gets old. */
    IMPORTED;

    static DeviceState of(boolean imported, Instant lastSeen, Duration staleAfter, Instant now) {
        if (imported) {
            return IMPORTED;
        }
        if (lastSeen == null) {
            return NEVER_SEEN;
        }
        return lastSeen.plus(staleAfter).isBefore(now) ? STALE : ONLINE;
    }
}
