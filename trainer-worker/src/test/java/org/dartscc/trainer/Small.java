package org.dartscc.trainer;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.dartscc.model.cost.CostTable;
import org.dartscc.model.message.DatasetInfo;
import org.dartscc.model.message.DatasetSpec;
import org.dartscc.model.message.Topics;
import org.dartscc.model.message.TrainingTask.FitTradeoff;
import org.dartscc.model.message.TrainingTask.TrainRound;
import org.dartscc.model.network.Shape;
import org.dartscc.model.selection.AccuracyEstimate;
import org.dartscc.model.space.Operator;
import org.dartscc.model.space.OperatorSignature;
import org.dartscc.model.space.SearchSpace;
import org.dartscc.model.space.SmallSpaces;
import org.dartscc.model.space.SpaceSpec;
import org.dartscc.model.space.Spaces;
import org.dartscc.trainer.data.Dataset;
import org.dartscc.trainer.data.Datasets;
import org.dartscc.trainer.data.LabelledImages;

/** A few hundred real images, and what else tests train with. */
public final class Small {
    public static final DatasetSpec SPEC = new DatasetSpec("fashion-mnist-sample", 0);
    public static final int BATCH = 16;
    private static final Shape TINY = new Shape(1, 16, 16);

    private Small() {}

    public static Dataset dataset() {
        var whole = new Datasets(Path.of("target/no-datasets")).load(SPEC);
        return new Dataset(
                whole.info(),
                whole.train().spread(600),
                whole.validation().spread(100),
                whole.test().spread(100));
    }

    /** So few images of 16x16 that any network that learns at all learns them by heart. */
    public static Dataset tiny() {
        var whole = dataset();
        var info = whole.info();
        var tiny = new DatasetInfo(
                info.name(), TINY, info.classNames(), info.mean(), info.std(), 32, 40, 20, info.splitSeed());
        return new Dataset(
                tiny,
                shrunk(whole.train().spread(32)),
                shrunk(whole.validation().spread(40)),
                shrunk(whole.test().spread(20)));
    }

    /** Four black and four white images: whatever learns at all tells them apart in a few steps. */
    public static Dataset blackAndWhite() {
        int size = (int) TINY.elements();
        var pixels = new byte[8 * size];
        var labels = new int[8];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = i % 2;
            Arrays.fill(pixels, i * size, (i + 1) * size, (byte) (255 * labels[i]));
        }
        var images = new LabelledImages(TINY, pixels, labels);
        return new Dataset(tiny().info(), images, images, images);
    }

    private static LabelledImages shrunk(LabelledImages images) {
        int from = images.shape().height();
        int to = TINY.height();
        var pixels = new byte[images.size() * to * to];
        for (int i = 0; i < images.size(); i++) {
            for (int y = 0; y < to; y++) {
                for (int x = 0; x < to; x++) {
                    pixels[(i * to + y) * to + x] = images.pixels()[(i * from + y * from / to) * from + x * from / to];
                }
            }
        }
        return new LabelledImages(TINY, pixels, images.labels());
    }

    /** A space for tiny images, its network made small where that leaves the decisions as they are. */
    public static SearchSpace tinySpace(String name) {
        return SmallSpaces.create(new SpaceSpec(name, TINY, 10));
    }

    /** The same of every registered space, and own ones. */
    public static Stream<SearchSpace> tinySpaces() {
        return Stream.concat(Spaces.names().stream().map(Small::tinySpace), SmallSpaces.own(TINY, 10).stream());
    }

    /** Of tiny images, without a kink. */
    public static SearchSpace smoothSpace() {
        return SmallSpaces.smooth(TINY);
    }

    public static SpaceSpec space(String name) {
        var info = dataset().info();
        return new SpaceSpec(name, info.image(), info.classNames().size());
    }

    public static TrainRound round(
            SpaceSpec space, long seed, int firstStep, int steps, int total, List<CostTable> devices) {
        return round(space, "fleet", seed, firstStep, steps, total, BATCH, devices);
    }

    public static TrainRound round(
            SpaceSpec space,
            String method,
            long seed,
            int firstStep,
            int steps,
            int total,
            int batch,
            List<CostTable> devices) {
        return new TrainRound(
                Topics.SCHEMA_VERSION,
                "task",
                "search",
                0,
                space,
                SPEC,
                method,
                seed,
                0,
                0,
                1,
                firstStep,
                steps,
                total,
                batch,
                null,
                devices);
    }

    public static FitTradeoff fit(SpaceSpec space, long seed, int subnets, List<CostTable> devices) {
        return new FitTradeoff(Topics.SCHEMA_VERSION, "fit", "search", 0, space, SPEC, seed, subnets, null, devices);
    }

    /** A made-up device: costs follow the arithmetic, each kind of operator with a factor of its own. */
    public static CostTable device(SearchSpace space, String id, long seed) {
        var random = new Random(seed);
        var factors = new HashMap<Operator, Double>();
        for (var operator : Operator.values()) {
            factors.put(operator, Math.exp(.3 * random.nextGaussian()));
        }
        var micros = new HashMap<OperatorSignature, Double>();
        for (var s : space.signatures()) {
            double work = (double) s.inChannels() * s.outChannels() * s.height() * s.width() / 1e5;
            micros.put(s, factors.get(s.operator()) * (2 + work));
        }
        return new CostTable(id, 1, 30, .03, micros);
    }

    /** More arithmetic, less error, by a factor that differs between options, so that no kind is the best everywhere. */
    public static AccuracyEstimate estimate(SearchSpace space) {
        var random = new Random(3);
        var macs = space.optionMacs();
        double most = Arrays.stream(macs).flatMapToDouble(Arrays::stream).max().orElseThrow();
        var effects = IntStream.range(0, macs.length)
                .mapToObj(d -> Arrays.stream(macs[d])
                        .mapToObj(m -> -.1 * Math.sqrt(m / most) * (.4 + 1.2 * random.nextDouble()))
                        .toList())
                .toList();
        return new AccuracyEstimate(-1.8, effects, 80, .8);
    }
}
