package org.dartscc.orchestrator.cost;

import org.dartscc.model.space.Genotype;
import org.dartscc.model.space.SpaceSpec;

/** A whole network that was measured for calibration. */
public record MeasuredNetwork(SpaceSpec space, Genotype genotype) {}
