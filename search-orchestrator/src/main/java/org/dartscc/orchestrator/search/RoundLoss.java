package org.dartscc.orchestrator.search;

/** Mean training loss of a round, and the steps done at its end. */
public record RoundLoss(int round, int stepsDone, double meanLoss) {}
