package org.dartscc.agent.probe;

/** One inference at batch 1: what is timed. */
@FunctionalInterface
public interface Run {
    /** @throws ProbeException when the runtime refuses */
    void run();
}
