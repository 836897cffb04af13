package org.dartscc.agent.plan;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

import org.dartscc.agent.probe.Bench;
import org.dartscc.agent.probe.Estimate;
import org.dartscc.agent.probe.Reading;
import org.dartscc.model.space.Genotype;
import org.dartscc.model.space.OperatorSignature;
import org.dartscc.model.space.SearchSpace;

/** A device whose costs a test sets and changes. */
public final class ScriptedBench implements Bench {
    public ToDoubleFunction<OperatorSignature> operatorMicros = signature -> 10;
    public boolean quiet = true;
    public final List<OperatorSignature> measured = new ArrayList<>();
    public int networksMeasured;
    public double referenceMicros = 40;

    private Reading reading(double micros) {
        return new Reading.Measured(new Estimate(micros, micros, .01 * micros, 8, 800, quiet ? 1 : 1.5, quiet));
    }

    @Override
    public Map<OperatorSignature, Reading> operators(List<OperatorSignature> signatures) {
        measured.addAll(signatures);
        return glance(signatures);
    }

    @Override
    public Map<OperatorSignature, Reading> glance(List<OperatorSignature> signatures) {
        var readings = new LinkedHashMap<OperatorSignature, Reading>();
        signatures.forEach(s -> readings.put(s, reading(operatorMicros.applyAsDouble(s))));
        return readings;
    }

    @Override
    public Map<Genotype, Reading> networks(SearchSpace space, List<Genotype> genotypes) {
        networksMeasured += genotypes.size();
        var readings = new LinkedHashMap<Genotype, Reading>();
        genotypes.forEach(g -> readings.put(g, reading(100)));
        return readings;
    }

    @Override
    public void remember(double micros) {
        referenceMicros = micros;
    }

    @Override
    public double referenceMicros() {
        return referenceMicros;
    }
}
