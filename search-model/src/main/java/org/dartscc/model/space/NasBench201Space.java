package org.dartscc.model.space;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.stream.IntStream;

import org.dartscc.model.network.Layer;
import org.dartscc.model.network.Network;
import org.dartscc.model.network.NetworkBuilder;

/**
 * NAS-Bench-201 (Dong and Yang, ICLR 2020): a cell of 4 nodes whose 6 edges each take one of 5 operations, repeated 5
 * times in each of 3 stages of 16, 32 and 64 channels, with a residual block of stride 2 between stages. Decisions are
 * the edges 1&lt;-0, 2&lt;-0, 2&lt;-1, 3&lt;-0, 3&lt;-1, 3&lt;-2. Average pools count their padding (see
 * {@link Layer.AveragePool}), which the published benchmark did not.
 *
 * <p>Every edge can be built, as published. Of cells that give the same network once dead edges are left out, only the
 * one whose dead edges are {@code none} is a member of the space: what it costs is then a sum over its edges, but for
 * equal pools. Since an edge is dead or alive because of others, all edges are one group, with the 9,444 cells as its
 * assignments.
 */
final class NasBench201Space {
    static final String NAME = "nas-bench-201";

    private static final List<Operator> OPTIONS = List.of(
            Operator.NONE, Operator.SKIP_CONNECT, Operator.NOR_CONV_1X1, Operator.NOR_CONV_3X3, Operator.AVG_POOL_3X3);

    /** The edges as {to, from}, in the order of the decisions. */
    private static final int[][] EDGES = {{1, 0}, {2, 0}, {2, 1}, {3, 0}, {3, 1}, {3, 2}};

    private static final int[] STAGES = {16, 32, 64};
    private static final int CELLS_PER_STAGE = 5;
    private static final int LAST_NODE = 3;

    private NasBench201Space() {}

    static SearchSpace create(SpaceSpec spec) {
        return create(spec, CELLS_PER_STAGE);
    }

    static SearchSpace create(SpaceSpec spec, int cellsPerStage) {
        if (spec.image().height() % 4 != 0 || spec.image().width() % 4 != 0) {
            throw new IllegalArgumentException("the space nas-bench-201 needs image sides that are multiples of 4, not "
                    + spec.image().height() + "x" + spec.image().width());
        }
        var decisions = new ArrayList<Decision>();
        for (var edge : EDGES) {
            decisions.add(new Decision("node%d_from%d".formatted(edge[0], edge[1]), OPTIONS));
        }
        var cell = new Group(IntStream.range(0, EDGES.length).boxed().toList(), livingCells());
        return new SearchSpace(
                spec,
                decisions,
                List.of(cell),
                NasBench201Space::connected,
                NasBench201Space::repeated,
                filling -> build(spec, cellsPerStage, filling));
    }

    private static boolean connected(int[] indices) {
        return reached(indices)[LAST_NODE];
    }

    /** By node: whether a path leads to it from the cell's input. */
    private static boolean[] reached(int[] indices) {
        var reached = new boolean[] {true, false, false, false};
        for (int e = 0; e < EDGES.length; e++) {
            reached[EDGES[e][0]] |= reached[EDGES[e][1]] && exists(indices, e);
        }
        return reached;
    }

    /** By node: whether a path leads from it to the cell's output. */
    private static boolean[] needed(int[] indices) {
        var needed = new boolean[] {false, false, false, true};
        for (int e = EDGES.length - 1; e >= 0; e--) {
            needed[EDGES[e][1]] |= needed[EDGES[e][0]] && exists(indices, e);
        }
        return needed;
    }

    /**
     * By edge: whether it pools a map that an earlier edge pools already. Convolutions have weights of their own, and
     * identities are nothing to be run; but a node with an identity alone is the node before it, and one with a pool
     * alone is that pool's.
     */
    private static boolean[] repeated(int[] indices) {
        var repeated = new boolean[EDGES.length];
        var pools = new HashMap<Object, Object>();
        var maps = new Object[LAST_NODE + 1];
        for (int node = 0; node <= LAST_NODE; node++) {
            maps[node] = new Object();
            int terms = 0;
            Object last = null;
            for (int e = 0; e < EDGES.length; e++) {
                if (EDGES[e][0] != node || !exists(indices, e)) {
                    continue;
                }
                var input = maps[EDGES[e][1]];
                var operator = OPTIONS.get(indices[e]);
                repeated[e] = operator == Operator.AVG_POOL_3X3 && pools.containsKey(input);
                terms++;
                last = switch (operator) {
                    case SKIP_CONNECT -> input;
                    case AVG_POOL_3X3 -> pools.computeIfAbsent(input, unused -> new Object());
                    default -> new Object();
                };
            }
            maps[node] = terms == 1 ? last : maps[node];
        }
        return repeated;
    }

    private static boolean exists(int[] indices, int edge) {
        return !OPTIONS.get(indices[edge]).isAbsent();
    }

    /** Cells that are connected, and all of whose edges lie on a path from the input to the output. */
    private static List<List<Integer>> livingCells() {
        var cells = new ArrayList<List<Integer>>();
        int all = (int) Math.pow(OPTIONS.size(), EDGES.length);
        for (int cell = 0; cell < all; cell++) {
            var indices = new int[EDGES.length];
            for (int e = 0, rest = cell; e < EDGES.length; e++, rest /= OPTIONS.size()) {
                indices[e] = rest % OPTIONS.size();
            }
            if (isLiving(indices)) {
                cells.add(Arrays.stream(indices).boxed().toList());
            }
        }
        return cells;
    }

    private static boolean isLiving(int[] indices) {
        var reached = reached(indices);
        var needed = needed(indices);
        return reached[LAST_NODE]
                && IntStream.range(0, EDGES.length)
                        .filter(e -> exists(indices, e))
                        .allMatch(e -> reached[EDGES[e][1]] && needed[EDGES[e][0]]);
    }

    private static Network build(SpaceSpec spec, int cellsPerStage, Filling filling) {
        var network = new NetworkBuilder(spec.image());
        var x = network.convBn("stem", network.image(), STAGES[0], 3, 1);
        for (int stage = 0; stage < STAGES.length; stage++) {
            int channels = STAGES[stage];
            if (stage > 0) {
                x = residual(network, "reduce" + stage, x, channels);
            }
            for (int c = 0; c < cellsPerStage; c++) {
                x = cell(network, "stage%d.cell%d".formatted(stage + 1, c + 1), x, channels, filling);
            }
        }
        x = network.relu("last.relu", network.add("last.bn", new Layer.BatchNorm(), x));
        var pooled = network.add("pool", new Layer.GlobalAveragePool(), x);
        return network.build(network.add("classifier", new Layer.Linear(spec.classes()), pooled));
    }

    private static String cell(NetworkBuilder network, String name, String x, int channels, Filling filling) {
        var nodes = new ArrayList<>(List.of(x));
        for (int node = 1; node <= LAST_NODE; node++) {
            var terms = new ArrayList<String>();
            for (int e = 0; e < EDGES.length; e++) {
                if (EDGES[e][0] != node) {
                    continue;
                }
                var edge = "%s.node%d_from%d".formatted(name, node, EDGES[e][1]);
                filling.place(network, edge, e, nodes.get(EDGES[e][1]), channels, 1)
                        .ifPresent(terms::add);
            }
            nodes.add(sumOrZero(network, name + ".node" + node, terms, x));
        }
        return nodes.get(LAST_NODE);
    }

    /** The sum of a node's edges; zeros of the cell's shape when it has none. */
    private static String sumOrZero(NetworkBuilder network, String name, List<String> terms, String cellInput) {
        return terms.isEmpty()
                ? network.add(name, new Layer.Zero(network.shape(cellInput)), cellInput)
                : network.sum(name, terms);
    }

    /** ResNet basic block of stride 2 whose shortcut is a 2x2 average pool and a 1x1 convolution. */
    private static String residual(NetworkBuilder network, String name, String x, int channels) {
        var first = network.convBn(name + ".a", network.relu(name + ".a.relu", x), channels, 3, 2);
        var second = network.convBn(name + ".b", network.relu(name + ".b.relu", first), channels, 3, 1);
        var pooled = network.add(name + ".shortcut.pool", new Layer.AveragePool(2, 2, 0), x);
        var shortcut = network.add(name + ".shortcut.conv", new Layer.Convolution(channels, 1, 1, 0, 1, 1), pooled);
        return network.sum(name + ".sum", List.of(second, shortcut));
    }
}
