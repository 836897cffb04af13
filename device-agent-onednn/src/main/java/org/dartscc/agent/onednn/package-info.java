/** ONNX Runtime with oneDNN's kernels, for the profiles {@code onednn-...} of the agent. For x86-64 Linux only. */
package org.dartscc.agent.onednn;
