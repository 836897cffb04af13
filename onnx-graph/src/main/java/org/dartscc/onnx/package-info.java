/**
 * Networks as ONNX models. The agent measures and the exporter ships what this package writes, so that what is measured
 * is what is shipped. {@link org.dartscc.onnx.OnnxModels} writes whole networks, {@link
 * org.dartscc.onnx.OperatorCarrier} single operators, and {@link org.dartscc.onnx.ModelGuard} refuses foreign bytes.
 */
package org.dartscc.onnx;
