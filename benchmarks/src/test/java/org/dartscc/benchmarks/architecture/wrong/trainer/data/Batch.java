package org.dartscc.benchmarks.architecture.wrong.trainer.data;

import org.dartscc.benchmarks.architecture.wrong.exporter.Exported;
import org.dartscc.benchmarks.architecture.wrong.trainer.step.Step;

/** Wrong twice: an application that uses another, and one half of a cycle of features. */
public record Batch(Exported exported, Step step) {}
