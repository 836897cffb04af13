/** What a training step costs: ours, the full mixture of DARTS, and the same networks in PyTorch. */
package org.dartscc.benchmarks.step;
