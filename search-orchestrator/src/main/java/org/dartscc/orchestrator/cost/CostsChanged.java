package org.dartscc.orchestrator.cost;

import java.util.Set;

/** Costs of these devices are new, or could not be measured. */
public record CostsChanged(Set<String> deviceIds) {}
