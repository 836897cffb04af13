package org.dartscc.agent.probe;

/** One inference of a profile's batch: what is timed. */
@FunctionalInterface
public interface Run {
    /** @throws ProbeException when the runtime refuses */
    void run();
}
