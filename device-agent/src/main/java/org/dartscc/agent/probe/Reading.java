package org.dartscc.agent.probe;

/** What came of measuring one thing. */
public sealed interface Reading {

    record Measured(Estimate estimate) implements Reading {}

    /** @param reason in words for a user */
    record NotMeasured(String reason) implements Reading {}
}
