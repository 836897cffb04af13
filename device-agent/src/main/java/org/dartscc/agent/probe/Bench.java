package org.dartscc.agent.probe;

import java.util.List;
import java.util.Map;

import org.dartscc.model.space.Genotype;
import org.dartscc.model.space.OperatorSignature;
import org.dartscc.model.space.SearchSpace;

/** Where things are measured. Everything asked for gets a reading. For one thread at a time. */
public interface Bench {
    /** Most things measured side by side: each has open sessions. */
    int BATCH = 32;

    /** Costs of up to {@link #BATCH} different operators inside of networks. */
    Map<OperatorSignature, Reading> operators(List<OperatorSignature> signatures);

    /** The same, quicker and coarser: enough to see whether a cost has changed. */
    Map<OperatorSignature, Reading> glance(List<OperatorSignature> signatures);

    /** Latencies of up to {@link #BATCH} different whole networks with weights that do not matter. */
    Map<Genotype, Reading> networks(SearchSpace space, List<Genotype> genotypes);

    /** Takes over what is known from earlier of the reference operator's time; infinite to begin anew. */
    void remember(double referenceMicros);

    /** Time of the reference operator at its best so far, in microseconds; infinite before anything was measured. */
    double referenceMicros();
}
