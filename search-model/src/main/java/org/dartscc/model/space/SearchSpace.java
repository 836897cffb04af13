package org.dartscc.model.space;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToDoubleBiFunction;
import java.util.function.ToIntBiFunction;
import java.util.stream.IntStream;

import org.dartscc.model.network.Network;
import org.dartscc.model.network.Parameter;

/**
 * A search space as data: decisions with options, the positions where each decision's operator runs, groups of
 * decisions that are taken together, and the network that a genotype stands for. Immutable.
 */
public final class SearchSpace {
    private final SpaceSpec spec;
    private final List<Decision> decisions;
    private final List<Group> groups;
    private final List<Set<List<Integer>>> allowed;
    private final List<Position> positions;
    private final Predicate<int[]> connected;
    private final Function<int[], boolean[]> repeated;
    private final Function<Filling, Network> build;
    private final int[] cheapest;
    private final int[] costliest;
    private volatile SpaceFootprints footprints;
    private volatile boolean[][][] repeatedByAssignment;

    /**
     * A space in which no group has an operator that gives the same as another of it.
     *
     * @param connected whether an assignment leads from the image to the logits; guards against switched-off networks
     * @param build walks the network and fills its positions
     * @throws IllegalArgumentException when decisions, groups and positions do not fit each other
     */
    SearchSpace(
            SpaceSpec spec,
            List<Decision> decisions,
            List<Group> groups,
            Predicate<int[]> connected,
            Function<Filling, Network> build) {
        this(spec, decisions, groups, connected, indices -> new boolean[indices.length], build);
    }

    /**
     * @param repeated by decision: whether its operator gives what that of an earlier decision of its group gives, being
     *     equal to it and on the same input; depends on the decisions of that group alone
     */
    SearchSpace(
            SpaceSpec spec,
            List<Decision> decisions,
            List<Group> groups,
            Predicate<int[]> connected,
            Function<int[], boolean[]> repeated,
            Function<Filling, Network> build) {
        this.spec = spec;
        this.decisions = List.copyOf(decisions);
        this.groups = List.copyOf(groups);
        this.allowed = groups.stream().map(g -> Set.copyOf(g.assignments())).toList();
        this.connected = connected;
        this.repeated = repeated;
        this.build = build;
        this.positions = walked();
        requireConsistent();
        this.cheapest = leastMacs();
        this.costliest = mostMacs();
    }

    private List<Position> walked() {
        var filling = Filling.of(decisions, new int[decisions.size()]);
        var unused = build.apply(filling);
        return List.copyOf(filling.positions());
    }

    private void requireConsistent() {
        var grouped = groups.stream().flatMap(g -> g.decisions().stream()).toList();
        var expected = IntStream.range(0, decisions.size()).boxed().toList();
        if (!grouped.stream().sorted().toList().equals(expected)) {
            throw new IllegalArgumentException("space " + name()
                    + ": every decision must be in exactly one group, but the groups hold " + grouped);
        }
        for (var group : groups) {
            for (var assignment : group.assignments()) {
                if (assignment.size() != group.decisions().size()) {
                    throw new IllegalArgumentException("space " + name() + ": a group of "
                            + group.decisions().size() + " decisions has an assignment of " + assignment.size());
                }
                for (int i = 0; i < assignment.size(); i++) {
                    var decision = decisions.get(group.decisions().get(i));
                    if (assignment.get(i) < 0
                            || assignment.get(i) >= decision.options().size()) {
                        throw new IllegalArgumentException("space " + name() + ": decision " + decision.name()
                                + " has no option " + assignment.get(i));
                    }
                }
            }
        }
        for (int d = 0; d < decisions.size(); d++) {
            int decision = d;
            if (positions.stream().noneMatch(p -> p.decision() == decision)) {
                throw new IllegalArgumentException(
                        "space " + name() + ": decision " + decisions.get(d).name() + " is used nowhere");
            }
        }
    }

    public SpaceSpec spec() {
        return spec;
    }

    public String name() {
        return spec.name();
    }

    public List<Decision> decisions() {
        return decisions;
    }

    public List<Group> groups() {
        return groups;
    }

    public List<Position> positions() {
        return positions;
    }

    /** The network of a genotype, dead nodes included as the published parameter counts do. */
    public Network network(Genotype genotype) {
        return network(indices(genotype));
    }

    Network network(int[] indices) {
        return build.apply(Filling.of(decisions, indices));
    }

    /** The network with the mixture of all options at every position: what DARTS trains. */
    public Network mixture() {
        return build.apply(Filling.mixture(decisions));
    }

    /** The genotype of an option index per decision. */
    public Genotype genotype(int[] indices) {
        var options = new ArrayList<String>(indices.length);
        for (int d = 0; d < indices.length; d++) {
            options.add(decisions.get(d).options().get(indices[d]).key());
        }
        return new Genotype(name(), options);
    }

    /**
     * The option index of every decision.
     *
     * @throws IllegalArgumentException when the genotype is of another space, or names an option that a decision lacks
     */
    public int[] indices(Genotype genotype) {
        if (!genotype.space().equals(name()) || genotype.options().size() != decisions.size()) {
            throw new IllegalArgumentException("%s is not a genotype of the space %s, which takes %d decisions"
                    .formatted(genotype, name(), decisions.size()));
        }
        var indices = new int[decisions.size()];
        for (int d = 0; d < indices.length; d++) {
            indices[d] = decisions
                    .get(d)
                    .options()
                    .indexOf(Operator.of(genotype.options().get(d)));
            if (indices[d] < 0) {
                throw new IllegalArgumentException("decision %s of the space %s has no option %s"
                        .formatted(
                                decisions.get(d).name(),
                                name(),
                                genotype.options().get(d)));
            }
        }
        return indices;
    }

    /** Whether every group has an allowed assignment and the network leads from image to logits. */
    public boolean isValid(Genotype genotype) {
        var indices = indices(genotype);
        return connected.test(indices)
                && IntStream.range(0, groups.size()).allMatch(g -> allowed.get(g)
                        .contains(groups.get(g).decisions().stream()
                                .map(d -> indices[d])
                                .toList()));
    }

    /** Whether the network of these option indices leads from the image to the logits. */
    public boolean isConnected(int[] indices) {
        return connected.test(indices);
    }

    /**
     * By decision: whether its operator gives the same as that of an earlier decision of its group. Runtimes that merge
     * equal nodes run such an operator once.
     */
    public boolean[] repeated(int[] indices) {
        return repeated.apply(indices);
    }

    /** The same of an assignment of a group, in the order of the group's decisions. */
    public boolean[] repeated(int group, int assignment) {
        if (repeatedByAssignment == null) {
            repeatedByAssignment = IntStream.range(0, groups.size())
                    .mapToObj(this::repeatedOfGroup)
                    .toArray(boolean[][][]::new);
        }
        return repeatedByAssignment[group][assignment];
    }

    private boolean[][] repeatedOfGroup(int group) {
        var decisions = groups.get(group).decisions();
        var repeated = new boolean[groups.get(group).assignments().size()][decisions.size()];
        var indices = new int[this.decisions.size()];
        for (int k = 0; k < repeated.length; k++) {
            assign(indices, group, k);
            var all = repeated(indices);
            for (int i = 0; i < decisions.size(); i++) {
                repeated[k][i] = all[decisions.get(i)];
            }
        }
        return repeated;
    }

    /** A valid genotype, each group drawn uniformly among its assignments. */
    public Genotype random(Random random) {
        return sample(
                random, (group, r) -> r.nextInt(groups.get(group).assignments().size()));
    }

    /**
     * A valid genotype, drawn group by group and drawn again while its network is not connected.
     *
     * @param draw gives the index of an assignment for (index of a group, random)
     */
    public Genotype sample(Random random, ToIntBiFunction<Integer, Random> draw) {
        for (int attempt = 0; attempt < 1000; attempt++) {
            var indices = new int[decisions.size()];
            for (int g = 0; g < groups.size(); g++) {
                assign(indices, g, draw.applyAsInt(g, random));
            }
            if (connected.test(indices)) {
                return genotype(indices);
            }
        }
        return costliest();
    }

    /** Writes the k-th assignment of a group into the option indices. */
    public void assign(int[] indices, int group, int k) {
        var g = groups.get(group);
        for (int i = 0; i < g.decisions().size(); i++) {
            indices[g.decisions().get(i)] = g.assignments().get(k).get(i);
        }
    }

    /**
     * The valid genotype with the fewest multiply-accumulates that a choice per group gives; of equal ones that which
     * writes fewer values, as an identity does instead of a pool.
     */
    public Genotype cheapest() {
        return genotype(cheapest);
    }

    /** The genotype with the most multiply-accumulates. */
    public Genotype costliest() {
        return genotype(costliest);
    }

    /** All different signatures that a device must measure: none for operators that are absent. */
    public List<OperatorSignature> signatures() {
        return positions.stream()
                .flatMap(p -> decisions.get(p.decision()).options().stream()
                        .filter(o -> !o.isAbsent())
                        .map(p::signature))
                .distinct()
                .toList();
    }

    /** Every parameter that some genotype uses, once: what a supernet holds. */
    public List<Parameter> parameters() {
        var all = new LinkedHashMap<String, Parameter>();
        for (int d = 0; d < decisions.size(); d++) {
            for (int o = 0; o < decisions.get(d).options().size(); o++) {
                var indices = costliest.clone();
                indices[d] = o;
                network(indices).parameters().forEach(p -> all.putIfAbsent(p.name(), p));
            }
        }
        return List.copyOf(all.values());
    }

    /** Additive multiply-accumulates of each option of each decision over its positions: [decision][option]. */
    public double[][] optionMacs() {
        return table((position, operator) -> operator.isAbsent() ? 0 : OperatorCounts.macs(position, operator));
    }

    /** Additive parameters of each option of each decision over its positions: [decision][option]. */
    public double[][] optionParameters() {
        return table((position, operator) -> operator.isAbsent() ? 0 : OperatorCounts.parameters(position, operator));
    }

    /** Bytes of files and of activations; computed at the first call, which builds some hundred networks. */
    public SpaceFootprints footprints() {
        if (footprints == null) {
            footprints = new SpaceFootprints(this);
        }
        return footprints;
    }

    /** Sums a quantity of (position, operator) over the positions of each decision: [decision][option]. */
    public double[][] table(ToDoubleBiFunction<Position, Operator> quantity) {
        var table = new double[decisions.size()][];
        for (int d = 0; d < table.length; d++) {
            table[d] = new double[decisions.get(d).options().size()];
        }
        for (var position : positions) {
            var row = table[position.decision()];
            for (int o = 0; o < row.length; o++) {
                row[o] += quantity.applyAsDouble(
                        position, decisions.get(position.decision()).options().get(o));
            }
        }
        return table;
    }

    private int[] leastMacs() {
        var macs = optionMacs();
        var values = table((position, operator) -> operator.isAbsent() ? 0 : OperatorCounts.values(position, operator));
        var cheaper = Comparator.comparingDouble((int[] i) -> sum(macs, i)).thenComparingDouble(i -> sum(values, i));
        var indices = mostMacs();
        for (int g = 0; g < groups.size(); g++) {
            var best = indices.clone();
            for (int k = 0; k < groups.get(g).assignments().size(); k++) {
                var trial = indices.clone();
                assign(trial, g, k);
                if (connected.test(trial) && cheaper.compare(trial, best) < 0) {
                    best = trial;
                }
            }
            indices = best;
        }
        return indices;
    }

    private int[] mostMacs() {
        var macs = optionMacs();
        var indices = new int[decisions.size()];
        for (int g = 0; g < groups.size(); g++) {
            var best = indices.clone();
            assign(best, g, 0);
            for (int k = 1; k < groups.get(g).assignments().size(); k++) {
                var trial = indices.clone();
                assign(trial, g, k);
                if (sum(macs, trial) > sum(macs, best)) {
                    best = trial;
                }
            }
            indices = best;
        }
        return indices;
    }

    private static double sum(double[][] table, int[] indices) {
        double sum = 0;
        for (int d = 0; d < indices.length; d++) {
            sum += table[d][indices[d]];
        }
        return sum;
    }
}
