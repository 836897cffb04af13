package org.dartscc.benchmarks.paper;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

import org.dartscc.model.cost.CostTable;
import org.dartscc.model.space.Genotype;
import org.dartscc.model.space.SearchSpace;

/**
 * All pieces of training in the order of their worth: searches, their families, then recipe runs, the first seed of
 * everything before the second. It grows as families become known.
 */
final class Agenda {
    private static final long RANDOM_SEED = 20;
    private static final int MOST_CHOSEN = 4;

    private final Plan plan;
    private final Workbench workbench;
    private final Pieces pieces;
    private final Progress progress;

    Agenda(Plan plan, Workbench workbench, Pieces pieces, Progress progress) {
        this.plan = plan;
        this.workbench = workbench;
        this.pieces = pieces;
        this.progress = progress;
    }

    static String latency(String dataset, String space, String device) {
        return "%s/%s/latency-%s".formatted(dataset, space, device);
    }

    static String search(String dataset, String space, String method, int seed) {
        return "%s/%s/search-%s%s"
                .formatted(dataset, space, Contender.of(method).search(), suffix(seed));
    }

    static String family(String dataset, String space, String method, int seed) {
        return "%s/%s/family-%s%s".formatted(dataset, space, method, suffix(seed));
    }

    private static String suffix(int seed) {
        return seed == 1 ? "" : "-seed" + seed;
    }

    /** The same architecture is trained once per seed, whoever chose it. */
    static String trained(String dataset, Genotype genotype, long seed) {
        return "%s/%s/trained-%08x-%d"
                .formatted(dataset, genotype.space(), genotype.toString().hashCode(), seed);
    }

    List<Piece> pieces() {
        var all = new ArrayList<Piece>();
        for (int seed = 1; seed <= plan.searchSeeds(); seed++) {
            for (var dataset : plan.datasets()) {
                for (var space : plan.spaces()) {
                    for (var method : plan.methods()) {
                        all.add(search(dataset, space, method, seed));
                    }
                }
            }
            for (var dataset : plan.datasets()) {
                for (var space : plan.spaces()) {
                    for (var method : plan.methods()) {
                        all.add(family(dataset, space, method, seed));
                    }
                }
            }
        }
        for (int seed = 1; seed <= plan.seeds(); seed++) {
            for (var dataset : plan.datasets()) {
                for (var space : plan.spaces()) {
                    for (var genotype : chosen(dataset, space)) {
                        all.add(trained(dataset, space, genotype, seed));
                    }
                    if (seed == 1) {
                        for (var genotype : random(workbench.space(dataset, space.space()))) {
                            all.add(trained(dataset, space, genotype, seed));
                        }
                    }
                }
            }
        }
        var names = new LinkedHashSet<String>();
        return all.stream().filter(p -> names.add(p.name())).toList();
    }

    private List<CostTable> devices(String dataset, String space) {
        return Latencies.devices().stream()
                .map(d -> pieces.get(latency(dataset, space, d), CostTable.class))
                .toList();
    }

    private Piece search(String dataset, Plan.SpacePlan space, String method, int seed) {
        var name = search(dataset, space.space(), method, seed);
        int steps = workbench.steps(dataset, space.searchPasses(), space.searchBatch());
        // A step trains four networks.
        double weight = 4.0 * steps * space.searchBatch() * work(dataset, space);
        return new Piece(name, weight, () -> true, () -> {
            var searched = run(dataset, space, method, seed)
                    .train(
                            name,
                            devices(dataset, space.space()),
                            (step, total, loss) -> progress.within(name, step, total, "loss %.3f".formatted(loss)));
            return new Piece.Done(searched, "%d steps".formatted(searched.steps()));
        });
    }

    private Piece family(String dataset, Plan.SpacePlan space, String method, int seed) {
        var search = search(dataset, space.space(), method, seed);
        // Forward only: about a third of a training step.
        double images = (double) space.subnets()
                * Math.min(
                        space.subnetImages(),
                        workbench.dataset(dataset).validation().size());
        return new Piece(
                family(dataset, space.space(), method, seed),
                images * work(dataset, space) / 3,
                () -> pieces.has(search),
                () -> {
                    var family = run(dataset, space, method, seed).family(search, devices(dataset, space.space()));
                    double best = family.members().stream()
                            .mapToDouble(Family.Member::testAccuracy)
                            .max()
                            .orElse(0);
                    return new Piece.Done(
                            family,
                            "%d members, best %.1f %%"
                                    .formatted(family.members().size(), 100 * best));
                });
    }

    private SearchRun run(String dataset, Plan.SpacePlan space, String method, int seed) {
        return new SearchRun(space, workbench, pieces, dataset, Contender.of(method), seed);
    }

    private Piece trained(String dataset, Plan.SpacePlan space, Genotype genotype, long seed) {
        int steps = workbench.steps(dataset, space.recipePasses(), Recipe.BATCH);
        return new Piece(
                trained(dataset, genotype, seed),
                (double) steps * Recipe.BATCH * work(dataset, space),
                () -> true,
                () -> {
                    var trained = new Recipe(workbench).train(dataset, space, genotype, seed);
                    return new Piece.Done(trained, "%.1f %%".formatted(100 * trained.testAccuracy()));
                });
    }

    /** What an image costs in a space: values in the feature maps of a random network. */
    private double work(String dataset, Plan.SpacePlan space) {
        var s = workbench.space(dataset, space.space());
        return s.network(s.random(new Random(RANDOM_SEED))).live().nodes().stream()
                .mapToDouble(n -> n.output().elements())
                .sum();
    }

    /** Of each method at most {@link #MOST_CHOSEN}, evenly spread in the order of their size; each architecture once. */
    private List<Genotype> chosen(String dataset, Plan.SpacePlan spacePlan) {
        var space = workbench.space(dataset, spacePlan.space());
        return plan.methods().stream()
                .flatMap(m -> pieces.find(family(dataset, spacePlan.space(), m, 1), Family.class).stream())
                .flatMap(f -> spread(space, answers(f)).stream())
                .distinct()
                .toList();
    }

    /** What a method answers for the first device; all of it when it knows no devices. */
    private static List<Genotype> answers(Family family) {
        var first = Latencies.devices().get(0);
        var forDevice = family.members().stream()
                .filter(m -> first.equals(m.device()))
                .map(Family.Member::genotype)
                .distinct()
                .toList();
        return forDevice.isEmpty()
                ? family.members().stream()
                        .map(Family.Member::genotype)
                        .distinct()
                        .toList()
                : forDevice;
    }

    private static List<Genotype> spread(SearchSpace space, List<Genotype> genotypes) {
        var bySize = genotypes.stream()
                .sorted(Comparator.comparingLong(g -> space.network(g).live().parameterCount()))
                .toList();
        return bySize.size() <= MOST_CHOSEN
                ? bySize
                : IntStream.range(0, MOST_CHOSEN)
                        .mapToObj(i -> bySize.get(Math.round((float) i * (bySize.size() - 1) / (MOST_CHOSEN - 1))))
                        .toList();
    }

    List<Genotype> random(SearchSpace space) {
        var random = new Random(RANDOM_SEED);
        var genotypes = new LinkedHashSet<Genotype>();
        for (int i = 0; i < 1000 && genotypes.size() < plan.randomArchitectures(); i++) {
            genotypes.add(space.random(random));
        }
        return List.copyOf(genotypes);
    }

    /** Whether nothing will be added any more. */
    boolean complete() {
        return plan.datasets().stream().allMatch(d -> plan.spaces().stream()
                .allMatch(s -> plan.methods().stream().allMatch(m -> IntStream.rangeClosed(1, plan.searchSeeds())
                        .allMatch(seed -> pieces.has(family(d, s.space(), m, seed))))));
    }
}
