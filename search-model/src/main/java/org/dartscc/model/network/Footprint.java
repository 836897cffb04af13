package org.dartscc.model.network;

/**
 * What a network takes in its exported form, before it was ever exported.
 *
 * @param graphBytes size of the graph in the ONNX file: weights, names and structure
 * @param peakActivationBytes most bytes of tensors alive at once while one image runs through, float32, in the order of
 *     the file's nodes: at each node its inputs, its output, and what later nodes still need. A runtime that computes
 *     in place, or fuses nodes, takes less.
 */
public record Footprint(long graphBytes, long peakActivationBytes) {
    /** The file around the graph: what the exporter writes of a model's origin, as an allowance. */
    private static final long FILE_HEADER_BYTES = 2048;

    public static Footprint of(Network network) {
        var exported = new ExportedGraph(network);
        return new Footprint(exported.bytes(), exported.peakActivationBytes());
    }

    /** Size of the file, as the graph and 2 KiB for the metadata, whose length depends on the names of the classes. */
    public long fileBytes() {
        return graphBytes + FILE_HEADER_BYTES;
    }
}
