package org.dartscc.trainer.step;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

import org.dartscc.model.space.SearchSpace;
import org.dartscc.trainer.alpha.OptionLayout;

/**
 * DARTS-CC (Yakovlev et al., AIST 2021): alpha(lambda) is piecewise linear in u = log10 lambda between learned knots;
 * the loss is CE + lambda E[parameters].
 */
final class PiecewiseLinear implements AlphaFamily {
    static final double LEAST_LOG_LAMBDA = -8;
    static final double LARGEST_LOG_LAMBDA = -4;
    private static final int KNOTS = 5;
    private static final int READOUTS = 17;

    private final double[] parameters;

    PiecewiseLinear(SearchSpace space) {
        this.parameters = new OptionLayout(space).flat(space.optionParameters());
    }

    @Override
    public List<String> rows() {
        return IntStream.range(0, KNOTS).mapToObj(PiecewiseLinear::row).toList();
    }

    private static String row(int knot) {
        return "knot" + knot;
    }

    @Override
    public Condition draw(long step, Random random) {
        return at(random.nextDouble());
    }

    @Override
    public List<Condition> readouts() {
        return IntStream.range(0, READOUTS)
                .mapToObj(i -> at(i / (READOUTS - 1.0)))
                .toList();
    }

    /** @param x place of u between its limits, in [0, 1] */
    Condition at(double x) {
        double lambda = Math.pow(10, LEAST_LOG_LAMBDA + x * (LARGEST_LOG_LAMBDA - LEAST_LOG_LAMBDA));
        double place = x * (KNOTS - 1);
        int left = Math.min(KNOTS - 2, (int) place);
        double right = place - left;
        return new Condition(
                String.format(Locale.ROOT, "lambda %.1e", lambda),
                null,
                Map.of(row(left), 1 - right, row(left + 1), right),
                Penalty.expected(Arrays.stream(parameters).map(p -> lambda * p).toArray()));
    }

    @Override
    public int samples() {
        return 0;
    }
}
