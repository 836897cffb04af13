package org.dartscc.model.cost;

/**
 * What a cost was measured on; costs of different fingerprints are never mixed.
 *
 * @param profile how the agent names it, as {@code ort-cpu}
 * @param runtime as {@code onnxruntime 1.29.0}
 * @param provider execution provider, as {@code CPU}
 * @param optimisation graph optimisation level, as {@code all}
 * @param threads intra-op threads
 * @param batch images that one run takes
 * @param precision as {@code float32}
 * @param cpu model name, and instruction-set flags that matter, of the host
 * @param protocol version of the measurement protocol
 */
public record RuntimeFingerprint(
        String profile,
        String runtime,
        String provider,
        String optimisation,
        int threads,
        int batch,
        String precision,
        String cpu,
        int protocol) {}
