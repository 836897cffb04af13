package org.dartscc.agent.child;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import org.dartscc.agent.probe.Estimate;
import org.dartscc.agent.probe.Probe;
import org.dartscc.agent.probe.Profile;
import org.dartscc.agent.probe.Reading;
import org.dartscc.model.network.Shape;
import org.dartscc.model.space.Genotype;
import org.dartscc.model.space.SpaceSpec;
import org.dartscc.model.turn.MachineTurn;
import org.dartscc.onnx.OnnxModels;

/**
 * Not a test: prints how well the times of models in child processes agree with those of the same networks in the
 * agent, which predictions are calibrated on. Arguments: space, profile, number of networks.
 */
public final class ChildReport {
    private ChildReport() {}

    public static void main(String[] args) throws Exception {
        var space = new SpaceSpec(args[0], new Shape(1, 28, 28), 10).create();
        var profile = Profile.of(args[1]);
        var random = new Random(11);
        var genotypes = new ArrayList<Genotype>(List.of(space.cheapest(), space.costliest()));
        while (genotypes.size() < Integer.parseInt(args[2])) {
            genotypes.add(space.random(random));
        }
        try (var probe = new Probe(profile, MachineTurn.free(), () -> false, Double.POSITIVE_INFINITY)) {
            var first = probe.networks(space, genotypes);
            var children = new ChildTimer(new ChildSettings(profile, null, null), Duration.ofSeconds(120));
            for (var genotype : genotypes) {
                var model = OnnxModels.untrained(space.network(genotype), 1);
                var image = space.spec().image();
                var one = estimate(
                        children.time(model, image, probe.referenceMicros()).reading());
                var two = estimate(
                        children.time(model, image, probe.referenceMicros()).reading());
                System.out.printf(
                        "agent %7.2f (p90 %7.2f)  child %7.2f (p90 %7.2f, %d runs, %s)  again %7.2f (p90 %7.2f, %s)%n",
                        estimate(first.get(genotype)).medianMicros(),
                        estimate(first.get(genotype)).p90Micros(),
                        one.medianMicros(),
                        one.p90Micros(),
                        one.runs(),
                        one.quiet() ? "quiet" : "busy",
                        two.medianMicros(),
                        two.p90Micros(),
                        two.quiet() ? "quiet" : "busy");
            }
            System.out.printf("reference %.2f us%n", probe.referenceMicros());
            var second = probe.networks(space, genotypes);
            genotypes.forEach(g -> System.out.printf(
                    "agent again %7.2f%n", estimate(second.get(g)).medianMicros()));
        }
    }

    private static Estimate estimate(Reading reading) {
        return ((Reading.Measured) reading).estimate();
    }
}
