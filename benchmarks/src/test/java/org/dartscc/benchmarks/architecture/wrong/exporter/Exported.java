package org.dartscc.benchmarks.architecture.wrong.exporter;

/** Wrong: a rule that knows the resource that serves it. */
public record Exported(ExportedResource resource) {}
