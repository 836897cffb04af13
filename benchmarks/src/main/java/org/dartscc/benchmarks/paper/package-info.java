/**
 * The seed paper's experiments with real training: families of architectures read out of one run, architectures trained
 * alone by one recipe beside random ones, and what it all costs.
 */
package org.dartscc.benchmarks.paper;
