package org.dartscc.benchmarks.paper;

import java.util.Map;
import java.util.TreeMap;

import org.dartscc.model.network.NetworkBuilder;
import org.dartscc.model.network.Parameter;
import org.dartscc.model.space.Genotype;
import org.dartscc.model.space.SearchSpace;

/**
 * What is known of an architecture without training it.
 *
 * @param parameters of the network that is shipped
 * @param operatorWeights weights of the chosen operators alone, without batch norm, stem, inputs of cells and classifier:
 *     what the ancestor's tables count
 * @param macs multiply-accumulates of the network that is shipped
 * @param operations how many positions of the network take each operator
 */
record Facts(long parameters, long operatorWeights, long macs, Map<String, Integer> operations) {

    static Facts of(SearchSpace space, Genotype genotype) {
        var network = space.network(genotype).live();
        var operations = new TreeMap<String, Integer>();
        long weights = 0;
        var indices = space.indices(genotype);
        for (var position : space.positions()) {
            var operator = space.decisions().get(position.decision()).options().get(indices[position.decision()]);
            operations.merge(operator.key(), 1, Integer::sum);
            if (!operator.isAbsent()) {
                var alone = new NetworkBuilder(position.input());
                var output = operator.emit(alone, "alone", alone.image(), position.outChannels(), position.stride());
                weights += alone.build(output).parameters().stream()
                        .filter(p -> p.role() == Parameter.Role.WEIGHT)
                        .mapToLong(Parameter::elements)
                        .sum();
            }
        }
        return new Facts(network.parameterCount(), weights, network.macs(), operations);
    }
}
