/**
 * How well the latency of a whole network is predicted from operators measured one by one, on this machine: random
 * networks of a space, predicted and measured.
 */
package org.dartscc.benchmarks.fidelity;
