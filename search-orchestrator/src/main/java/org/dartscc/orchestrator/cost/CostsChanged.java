package org.dartscc.orchestrator.cost;

import java.util.Map;
import java.util.Set;

/** Costs of these devices are new, or could not be measured. */
public record CostsChanged(Map<String, CostNews> news) {
    public CostsChanged {
        news = Map.copyOf(news);
    }

    public Set<String> deviceIds() {
        return news.keySet();
    }
}
