package org.dartscc.agent.probe;

/**
 * Latency of one model.
 *
 * @param loadMicros from the model's bytes to a session that has run, in microseconds; 0 when it was refused
 * @param energy of one inference
 */
public record ModelReading(Reading reading, double loadMicros, Energy energy) {}
