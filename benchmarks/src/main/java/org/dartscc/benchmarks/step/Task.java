package org.dartscc.benchmarks.step;

import org.dartscc.model.network.Shape;
import org.dartscc.model.space.SearchSpace;
import org.dartscc.model.space.SpaceSpec;

/** What one process is to run, as its arguments. */
record Task(String space, Shape image, Kind kind, int batch, int threads, boolean update) {
    static final int CLASSES = 10;

    SearchSpace create() {
        return new SpaceSpec(space, image, CLASSES).create();
    }

    String[] arguments() {
        return new String[] {
            space, image.toString(), kind.name(), String.valueOf(batch), String.valueOf(threads), String.valueOf(update)
        };
    }

    static Task of(String[] arguments) {
        var sides = arguments[1].split("x", -1);
        return new Task(
                arguments[0],
                new Shape(Integer.parseInt(sides[0]), Integer.parseInt(sides[1]), Integer.parseInt(sides[2])),
                Kind.valueOf(arguments[2]),
                Integer.parseInt(arguments[3]),
                Integer.parseInt(arguments[4]),
                Boolean.parseBoolean(arguments[5]));
    }
}
