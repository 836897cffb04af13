package org.dartscc.model.space;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.dartscc.model.network.Layer;
import org.dartscc.model.network.NetworkBuilder;

/**
 * What stands at a space's positions while its network is built: the operators of one architecture, or at every
 * position the mixture of all its options (the mixed operation of DARTS). Spaces build both by the same walk.
 */
final class Filling {
    private final List<Decision> decisions;
    private final Optional<int[]> indices;
    private final List<Position> positions = new ArrayList<>();

    private Filling(List<Decision> decisions, Optional<int[]> indices) {
        this.decisions = decisions;
        this.indices = indices;
    }

    /** The operators of an architecture: an option index for every decision. */
    static Filling of(List<Decision> decisions, int[] indices) {
        return new Filling(decisions, Optional.of(indices));
    }

    static Filling mixture(List<Decision> decisions) {
        return new Filling(decisions, Optional.empty());
    }

    /** What a space puts around an operator's output, by the operator: a residual, for one. */
    @FunctionalInterface
    interface Finish {
        String apply(Operator operator, String output);
    }

    /** The positions that were filled so far, in the order of the walk. */
    List<Position> positions() {
        return positions;
    }

    /** The node that holds what the decision's operator gives here; empty where it is absent. */
    Optional<String> place(
            NetworkBuilder network, String name, int decision, String input, int outChannels, int stride) {
        return place(network, name, decision, input, outChannels, stride, (operator, output) -> output);
    }

    Optional<String> place(
            NetworkBuilder network,
            String name,
            int decision,
            String input,
            int outChannels,
            int stride,
            Finish finish) {
        positions.add(new Position(decision, network.shape(input), outChannels, stride));
        var options = decisions.get(decision).options();
        var present = new ArrayList<Integer>();
        var outputs = new ArrayList<String>();
        for (int o = 0; o < options.size(); o++) {
            var operator = options.get(o);
            boolean taken = indices.isEmpty() || indices.get()[decision] == o;
            if (taken && !operator.isAbsent()) {
                present.add(o);
                outputs.add(finish.apply(operator, operator.emit(network, name, input, outChannels, stride)));
            }
        }
        return indices.isPresent()
                ? outputs.stream().findFirst()
                : Optional.of(network.add(name + ".mixture", new Layer.Mixture(decision, present), outputs));
    }
}
