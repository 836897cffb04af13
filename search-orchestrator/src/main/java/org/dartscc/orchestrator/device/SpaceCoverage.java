package org.dartscc.orchestrator.device;

import java.util.List;

import org.dartscc.model.space.OperatorSignature;
import org.dartscc.model.space.SpaceSpec;

/** How much of a space a device's costs cover; a search serves the device when nothing is missing. */
record SpaceCoverage(SpaceSpec space, int measured, int total, List<OperatorSignature> missing) {}
