package org.dartscc.model.artifact;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Tensors and string metadata in the safetensors format, float32 only: 8 bytes length of the header, header in JSON,
 * values. The reader takes what this writer writes and refuses everything else; all sizes are checked in 64 bits
 * against the bytes that are there before anything is allocated, so that no header can ask for memory or reach
 * outside.
 */
public record SafeTensors(Map<String, Tensor> tensors, Map<String, String> metadata) {
    private static final int MAX_HEADER_BYTES = 16 << 20;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_./<>-]{1,200}");
    private static final Pattern METADATA_VALUE = Pattern.compile("[ !#-\\[\\]-~]{0,20000}");
    private static final Pattern METADATA = Pattern.compile("\"__metadata__\":\\{([^{}]*)\\},?");
    private static final Pattern METADATA_ENTRY = Pattern.compile("\"([^\"]*)\":\"([^\"]*)\",?");
    private static final Pattern ENTRY = Pattern.compile("\"([^\"]+)\":\\{\"dtype\":\"F32\","
            + "\"shape\":\\[([0-9,]{0,200})\\],\"data_offsets\":\\[([0-9]{1,18}),([0-9]{1,18})\\]\\},?");

    public SafeTensors {
        tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
        metadata = Map.copyOf(metadata);
    }

    /** @param values row-major, as many as the shape says */
    public record Tensor(List<Long> shape, float[] values) {
        public Tensor {
            shape = List.copyOf(shape);
            if (elements(shape) != values.length) {
                throw new IllegalArgumentException("a tensor of shape " + shape + " has " + values.length + " values");
            }
        }
    }

    /** The tensor of that name. */
    public Tensor tensor(String name) {
        var tensor = tensors.get(name);
        if (tensor == null) {
            throw new IllegalArgumentException("there is no tensor named " + name);
        }
        return tensor;
    }

    public byte[] toBytes() {
        var header = new StringJoiner(",", "{", "}");
        if (!metadata.isEmpty()) {
            header.add(metadata.entrySet().stream()
                    .sorted(Map.Entry.comparingByKey())
                    .map(e ->
                            "\"%s\":\"%s\"".formatted(require(NAME, e.getKey()), require(METADATA_VALUE, e.getValue())))
                    .collect(Collectors.joining(",", "\"__metadata__\":{", "}")));
        }
        long end = 0;
        for (var e : tensors.entrySet()) {
            long start = end;
            end = Math.addExact(
                    start, Math.multiplyExact((long) Float.BYTES, e.getValue().values().length));
            header.add("\"%s\":{\"dtype\":\"F32\",\"shape\":[%s],\"data_offsets\":[%d,%d]}"
                    .formatted(
                            require(NAME, e.getKey()),
                            e.getValue().shape().stream().map(String::valueOf).collect(Collectors.joining(",")),
                            start,
                            end));
        }
        var headerBytes = header.toString().getBytes(StandardCharsets.UTF_8);
        var buffer = ByteBuffer.allocate(Math.toIntExact(Long.BYTES + headerBytes.length + end))
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(headerBytes.length)
                .put(headerBytes);
        for (var tensor : tensors.values()) {
            buffer.asFloatBuffer().put(tensor.values());
            buffer.position(buffer.position() + Float.BYTES * tensor.values().length);
        }
        return buffer.array();
    }

    /** @throws IllegalArgumentException when the bytes are not such a file */
    public static SafeTensors parse(byte[] bytes) {
        var buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (bytes.length < Long.BYTES) {
            throw new IllegalArgumentException("not a safetensors file: only " + bytes.length + " bytes");
        }
        long headerLength = buffer.getLong();
        if (headerLength < 2 || headerLength > MAX_HEADER_BYTES || headerLength > bytes.length - Long.BYTES) {
            throw new IllegalArgumentException("not a safetensors file: its header claims " + headerLength + " bytes");
        }
        var header = new String(bytes, Long.BYTES, (int) headerLength, StandardCharsets.UTF_8).strip();
        if (!header.startsWith("{") || !header.endsWith("}")) {
            throw new IllegalArgumentException("not a safetensors file: its header is no JSON object");
        }
        var data = buffer.slice(Long.BYTES + (int) headerLength, bytes.length - Long.BYTES - (int) headerLength)
                .order(ByteOrder.LITTLE_ENDIAN);
        var rest = header.substring(1, header.length() - 1);
        var metadata = new LinkedHashMap<String, String>();
        var metadataMatch = METADATA.matcher(rest);
        int from = 0;
        if (metadataMatch.lookingAt()) {
            var entries = METADATA_ENTRY.matcher(metadataMatch.group(1));
            while (entries.find()) {
                metadata.put(entries.group(1), entries.group(2));
            }
            from = metadataMatch.end();
        }
        return new SafeTensors(entries(rest, from, data), metadata);
    }

    private static Map<String, Tensor> entries(String header, int from, ByteBuffer data) {
        var tensors = new LinkedHashMap<String, Tensor>();
        var entry = ENTRY.matcher(header).region(from, header.length());
        int at = from;
        while (at < header.length()) {
            entry.region(at, header.length());
            if (!entry.lookingAt()) {
                throw new IllegalArgumentException("not a safetensors file of float32 tensors: its header at " + at);
            }
            at = entry.end();
            var shape = entry.group(2).isEmpty()
                    ? List.<Long>of()
                    : Stream.of(entry.group(2).split(",")).map(Long::parseLong).toList();
            long start = Long.parseLong(entry.group(3));
            long end = Long.parseLong(entry.group(4));
            long bytes = end - start;
            if (start > end
                    || end > data.capacity()
                    || bytes % Float.BYTES != 0
                    || elements(shape) != bytes / Float.BYTES) {
                throw new IllegalArgumentException(
                        "safetensors: the place of tensor " + entry.group(1) + " does not fit its shape or the file");
            }
            var values = new float[(int) (bytes / Float.BYTES)];
            data.slice((int) start, (int) bytes)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asFloatBuffer()
                    .get(values);
            tensors.put(entry.group(1), new Tensor(shape, values));
        }
        return tensors;
    }

    private static long elements(List<Long> shape) {
        try {
            return shape.stream().reduce(1L, Math::multiplyExact);
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("safetensors: shape " + shape + " is too large", e);
        }
    }

    private static String require(Pattern pattern, String text) {
        if (!pattern.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "safetensors: \"" + text + "\" can't be written; it must match " + pattern);
        }
        return text;
    }
}
