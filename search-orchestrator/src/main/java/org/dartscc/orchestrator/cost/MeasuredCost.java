package org.dartscc.orchestrator.cost;

import java.time.Instant;

/** One cost in microseconds. */
public record MeasuredCost(double medianMicros, double spreadMicros, int samples, long version, Instant measuredAt) {}
