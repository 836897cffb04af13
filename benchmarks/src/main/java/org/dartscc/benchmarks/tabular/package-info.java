/**
 * The tabular benchmark: search methods on NAS-Bench-201, whose accuracies and latencies are looked up instead of
 * trained and measured. Cells are numbered by their six digits read in base 5.
 */
package org.dartscc.benchmarks.tabular;
