package org.dartscc.agent.probe;

/** A model that is open in a runtime, with images to run on: a run does nothing but infer. Must be closed. */
public interface OpenModel extends Run, AutoCloseable {
    @Override
    void close();
}
