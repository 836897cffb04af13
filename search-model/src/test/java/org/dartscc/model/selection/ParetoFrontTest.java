package org.dartscc.model.selection;

import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class ParetoFrontTest {
    private record Point(double x, double y) {}

    private static final List<Point> POINTS =
            List.of(new Point(.5, .5), new Point(.2, .8), new Point(.6, .6), new Point(.8, .1), new Point(.2, .9));

    @Test
    void keepsOnlyPointsThatNoOtherDominates() {
        assertThat(ParetoFront.of(POINTS, Point::x, Point::y))
                .containsExactly(new Point(.2, .8), new Point(.5, .5), new Point(.8, .1));
    }

    @Test
    void measuresTheAreaUpToTheReference() {
        assertThat(ParetoFront.hypervolume(POINTS, Point::x, Point::y, 1, 1))
                .isCloseTo(.8 * .2 + .5 * .3 + .2 * .4, within(1e-12));
    }

    @Test
    void ignoresPointsBeyondTheReference() {
        var beyond = List.of(new Point(2, .1), new Point(.1, 2), new Point(.5, .5));
        assertThat(ParetoFront.hypervolume(beyond, Point::x, Point::y, 1, 1)).isCloseTo(.25, within(1e-12));
    }
}
