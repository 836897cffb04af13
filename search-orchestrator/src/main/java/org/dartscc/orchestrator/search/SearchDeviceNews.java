package org.dartscc.orchestrator.search;

import org.dartscc.orchestrator.cost.CostNews;

/** The costs of a device of a search are new, while somebody watches the search. */
public record SearchDeviceNews(String searchId, String deviceId, boolean trained, CostNews news) {}
