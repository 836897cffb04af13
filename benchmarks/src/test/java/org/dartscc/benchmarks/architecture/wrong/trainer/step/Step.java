package org.dartscc.benchmarks.architecture.wrong.trainer.step;

import org.dartscc.benchmarks.architecture.wrong.trainer.data.Batch;

/** The other half of the cycle. */
public record Step(Batch batch) {}
