package org.dartscc.agent.model;

/**
 * What the child process prints: one line of JSON. All times in microseconds.
 *
 * @param loadMicros from the model's bytes to a session that has run once
 * @param runs single runs behind the quantiles
 * @param quiet whether the machine was quiet enough; otherwise the quietest moments were taken
 */
record ModelTiming(double p50Micros, double p90Micros, double loadMicros, int runs, boolean quiet) {}
