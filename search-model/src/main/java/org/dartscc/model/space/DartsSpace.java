package org.dartscc.model.space;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.IntFunction;

import org.dartscc.model.network.Layer;
import org.dartscc.model.network.Network;
import org.dartscc.model.network.NetworkBuilder;
import org.dartscc.model.network.Shape;

/**
 * The space of DARTS (Liu et al., ICLR 2019): a normal and a reduction cell, each with two inputs and four nodes, each
 * node the sum of its edges from all earlier states, each edge one of 8 operations, the cell's output the concatenation
 * of its nodes. In {@code darts} an architecture keeps exactly two edges per node, as DARTS discretises; the others are
 * {@code none}. In {@code darts-every-edge} each edge takes any option, {@code none} among them, as DARTS-CC (Yakovlev
 * et al., AIST 2021) discretises; but a node's edge from the cell before is never {@code none}, so that no node is empty
 * and every edge can be chosen by itself: DARTS V1, for one, is no member. Reduction cells stand at 1/3 and 2/3 of the
 * depth. Images over 64 pixels take the ImageNet stem.
 */
final class DartsSpace {
    static final String NAME = "darts";
    static final String EVERY_EDGE = "darts-every-edge";

    private static final List<Operator> OPTIONS = List.of(
            Operator.NONE,
            Operator.MAX_POOL_3X3,
            Operator.AVG_POOL_3X3,
            Operator.SKIP_CONNECT,
            Operator.SEP_CONV_3X3,
            Operator.SEP_CONV_5X5,
            Operator.DIL_CONV_3X3,
            Operator.DIL_CONV_5X5);

    private static final int NODES = 4;
    private static final int EDGES = 14;
    private static final int CHANNELS = 16;
    private static final int CELLS = 8;

    /** The state that every node may count on. */
    private static final int CELL_BEFORE = 1;

    private static final int STEM_MULTIPLIER = 3;
    private static final int LARGE_IMAGE = 64;

    private final SpaceSpec spec;
    private final int channels;
    private final int cells;

    private DartsSpace(SpaceSpec spec, int channels, int cells) {
        if (spec.image().height() % 4 != 0 || spec.image().width() % 4 != 0) {
            throw new IllegalArgumentException("the space " + spec.name()
                    + " needs image sides that are multiples of 4, not "
                    + spec.image().height() + "x" + spec.image().width());
        }
        this.spec = spec;
        this.channels = channels;
        this.cells = cells;
    }

    static SearchSpace create(SpaceSpec spec) {
        return create(spec, CHANNELS, CELLS);
    }

    static SearchSpace create(SpaceSpec spec, int channels, int cells) {
        return new DartsSpace(spec, channels, cells)
                .space(from -> OPTIONS, (edges, decisions) -> List.of(new Group(edges, twoEdges(edges.size()))));
    }

    static SearchSpace everyEdge(SpaceSpec spec) {
        return everyEdge(spec, CHANNELS, CELLS);
    }

    static SearchSpace everyEdge(SpaceSpec spec, int channels, int cells) {
        var operations = OPTIONS.stream().filter(o -> !o.isAbsent()).toList();
        return new DartsSpace(spec, channels, cells)
                .space(from -> from == CELL_BEFORE ? operations : OPTIONS, DartsSpace::eachAlone);
    }

    /** The same cells, but every edge takes one of the options, whatever the others take. */
    static SearchSpace everyEdge(SpaceSpec spec, int channels, int cells, List<Operator> options) {
        return new DartsSpace(spec, channels, cells).space(from -> options, DartsSpace::eachAlone);
    }

    private static List<Group> eachAlone(List<Integer> edges, List<Decision> decisions) {
        return edges.stream()
                .map(edge -> Group.single(edge, decisions.get(edge).options().size()))
                .toList();
    }

    /**
     * @param options of an edge, by the state that it comes from
     * @param groups of the decisions of a node's edges
     */
    private SearchSpace space(
            IntFunction<List<Operator>> options, BiFunction<List<Integer>, List<Decision>, List<Group>> groups) {
        var decisions = new ArrayList<Decision>();
        var all = new ArrayList<Group>();
        for (var cell : List.of("normal", "reduce")) {
            for (int node = 0; node < NODES; node++) {
                var edges = new ArrayList<Integer>();
                for (int from = 0; from < node + 2; from++) {
                    edges.add(decisions.size());
                    decisions.add(
                            new Decision("%s.node%d_from%d".formatted(cell, node + 2, from), options.apply(from)));
                }
                all.addAll(groups.apply(edges, decisions));
            }
        }
        return new SearchSpace(spec, decisions, all, indices -> true, this::build);
    }

    /** Every way to give two of the edges an operation and the others none. */
    private static List<List<Integer>> twoEdges(int edges) {
        var assignments = new ArrayList<List<Integer>>();
        for (int a = 0; a < edges; a++) {
            for (int b = a + 1; b < edges; b++) {
                for (int opA = 1; opA < OPTIONS.size(); opA++) {
                    for (int opB = 1; opB < OPTIONS.size(); opB++) {
                        var assignment = new Integer[edges];
                        Arrays.fill(assignment, 0);
                        assignment[a] = opA;
                        assignment[b] = opB;
                        assignments.add(List.of(assignment));
                    }
                }
            }
        }
        return assignments;
    }

    private Network build(Filling filling) {
        var network = new NetworkBuilder(spec.image());
        String before;
        String last;
        boolean reducedBefore;
        if (spec.image().height() > LARGE_IMAGE) {
            var half = network.relu("stem0.relu", network.convBn("stem0.a", network.image(), channels / 2, 3, 2));
            before = network.convBn("stem0.b", half, channels, 3, 2);
            last = network.convBn("stem1", network.relu("stem1.relu", before), channels, 3, 2);
            reducedBefore = true;
        } else {
            before = network.convBn("stem", network.image(), STEM_MULTIPLIER * channels, 3, 1);
            last = before;
            reducedBefore = false;
        }
        int width = channels;
        for (int c = 0; c < cells; c++) {
            boolean reduce = c == cells / 3 || c == 2 * cells / 3;
            width = reduce ? 2 * width : width;
            var out = cell(network, "cell" + c, before, last, width, reduce, reducedBefore, filling);
            before = last;
            last = out;
            reducedBefore = reduce;
        }
        var pooled = network.add("pool", new Layer.GlobalAveragePool(), last);
        return network.build(network.add("classifier", new Layer.Linear(spec.classes()), pooled));
    }

    private static String cell(
            NetworkBuilder network,
            String name,
            String before,
            String last,
            int width,
            boolean reduce,
            boolean reducedBefore,
            Filling filling) {
        var states = new ArrayList<String>();
        states.add(Operator.factorizedReduce(network, name + ".input0", before, width, reducedBefore ? 2 : 1));
        states.add(network.convBn(name + ".input1", network.relu(name + ".input1.relu", last), width, 1, 1));
        int decision = reduce ? EDGES : 0;
        for (int node = 0; node < NODES; node++) {
            var terms = new ArrayList<String>();
            for (int from = 0; from < node + 2; from++, decision++) {
                int stride = reduce && from < 2 ? 2 : 1;
                var edge = "%s.node%d_from%d".formatted(name, node + 2, from);
                filling.place(network, edge, decision, states.get(from), width, stride)
                        .ifPresent(terms::add);
            }
            states.add(sumOrZero(network, name + ".node" + (node + 2), terms, states.get(1), reduce));
        }
        return network.add(name, new Layer.Concat(), states.subList(2, states.size()));
    }

    private static String sumOrZero(
            NetworkBuilder network, String name, List<String> terms, String cellInput, boolean reduce) {
        if (!terms.isEmpty()) {
            return network.sum(name, terms);
        }
        var in = network.shape(cellInput);
        int factor = reduce ? 2 : 1;
        return network.add(
                name, new Layer.Zero(new Shape(in.channels(), in.height() / factor, in.width() / factor)), cellInput);
    }
}
