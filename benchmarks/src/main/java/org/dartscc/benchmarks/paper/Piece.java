package org.dartscc.benchmarks.paper;

import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * A piece of the work whose result is kept.
 *
 * @param name of its file
 * @param weight what it costs, in any unit common to all pieces
 * @param ready whether what it needs is there
 * @param work gives the result, and one line to say of it
 */
record Piece(String name, double weight, BooleanSupplier ready, Supplier<Done> work) {

    record Done(Object result, String line) {}
}
