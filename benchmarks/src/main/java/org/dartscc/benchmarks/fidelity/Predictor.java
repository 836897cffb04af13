package org.dartscc.benchmarks.fidelity;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.ToDoubleFunction;

import org.dartscc.model.cost.CostTable;
import org.dartscc.model.space.Genotype;

/** A way to predict latencies in microseconds, given some measured networks. */
@FunctionalInterface
interface Predictor {

    ToDoubleFunction<Observation> fit(List<Observation> calibration);

    /** What users get: the agent's table, calibrated on the networks that every device measures. */
    static CostTable product(Measurements m) {
        return CostTable.of("here", 1, m.space(), m.operatorMicros(), m.calibrationMicros());
    }

    /** The agent's table, calibrated as the product does, but on random networks. */
    static Predictor ours(Measurements m) {
        return calibration -> {
            var micros = new LinkedHashMap<Genotype, Double>();
            calibration.forEach(o -> micros.put(o.genotype(), o.firstMicros()));
            return byTable(m, CostTable.of("here", 1, m.space(), m.operatorMicros(), micros));
        };
    }

    /** The sum of the operators, each measured as a model of its own; nothing is fitted. */
    static Predictor naiveSum(Measurements m) {
        var table = new CostTable("here", 1, 0, 0, m.aloneMicros());
        return calibration -> byTable(m, table);
    }

    static ToDoubleFunction<Observation> byTable(Measurements m, CostTable table) {
        var options = table.optionMicros(m.space());
        return observation ->
                table.latencyOf(table.sumMicros(m.space(), options, m.space().indices(observation.genotype())));
    }

    /** The straight line over a count that has the least squares of relative errors. */
    static Predictor line(ToDoubleFunction<Observation> count) {
        return calibration -> {
            double w = 0;
            double wx = 0;
            double wxx = 0;
            double wy = 0;
            double wxy = 0;
            for (var o : calibration) {
                double x = count.applyAsDouble(o);
                double weight = 1 / (o.firstMicros() * o.firstMicros());
                w += weight;
                wx += weight * x;
                wxx += weight * x * x;
                wy += weight * o.firstMicros();
                wxy += weight * x * o.firstMicros();
            }
            double slope = (w * wxy - wx * wy) / (w * wxx - wx * wx);
            double fixed = (wy - slope * wx) / w;
            return o -> fixed + slope * count.applyAsDouble(o);
        };
    }
}
