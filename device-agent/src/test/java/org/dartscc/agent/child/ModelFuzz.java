package org.dartscc.agent.child;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;

import org.dartscc.agent.probe.Engine;
import org.dartscc.agent.probe.ProbeException;
import org.dartscc.agent.probe.Profile;
import org.dartscc.model.network.Shape;
import org.dartscc.model.space.OperatorSignature;
import org.dartscc.model.space.SpaceSpec;
import org.dartscc.onnx.ModelGuard;
import org.dartscc.onnx.OnnxModels;
import org.dartscc.onnx.OperatorCarrier;
import org.dartscc.onnx.RefusedModelException;

/**
 * Damaged models: bits flipped, cut off, fields swapped, numbers replaced by extreme ones, edges turned into cycles. The
 * guard looks at each; what it lets pass is opened and run in a child process, a new one when that dies. As a program:
 * {@code ModelFuzz COUNT SEED} prints what came of them.
 */
final class ModelFuzz {
    private static final Shape IMAGE = new Shape(1, 16, 16);
    private static final long[] EXTREME = {-1, 0, 1, 2, 7, 255, 1 << 14, 1L << 31, 1L << 32, Long.MAX_VALUE};
    private static final int CHILD_SECONDS = 120;

    private final Random random;
    private final List<byte[]> originals;

    ModelFuzz(long seed) {
        this.random = new Random(seed);
        var space = new SpaceSpec("layerwise", IMAGE, 10).create();
        this.originals = List.of(
                carrier("sep_conv_3x3:16x16x16:16:s2"),
                carrier("max_pool_3x3:16x16x16:16:s1"),
                carrier("skip_connect:16x16x16:32:s2"),
                OnnxModels.untrained(space.network(space.cheapest()), 1));
    }

    private static byte[] carrier(String signature) {
        return OperatorCarrier.model(OperatorSignature.parse(signature), 2);
    }

    /**
     * What came of the models.
     *
     * @param refused by the guard
     * @param failed in the runtime, with an exception
     * @param run to their end
     * @param deaths of child processes
     */
    record Outcome(int models, int refused, int failed, int run, int deaths) {}

    Outcome run(int count, Path folder) throws IOException, InterruptedException {
        int refused = 0;
        var passed = new ArrayList<Path>();
        for (int i = 0; i < count; i++) {
            var model = next();
            try {
                ModelGuard.check(model);
                passed.add(Files.write(folder.resolve(i + ".onnx"), model));
            } catch (RefusedModelException e) {
                refused++;
            }
        }
        int deaths = 0;
        var results = folder.resolve("results");
        Files.createFile(results);
        for (int done = 0;
                done < passed.size();
                done = Files.readAllLines(results).size()) {
            if (!child(folder, results, passed.subList(done, passed.size()))) {
                deaths++;
                // The one it died of must not be tried again.
                if (Files.readAllLines(results).size() == done) {
                    Files.writeString(results, "died\n", java.nio.file.StandardOpenOption.APPEND);
                }
            }
        }
        var lines = Files.readAllLines(results);
        return new Outcome(count, refused, count(lines, "failed"), count(lines, "run"), deaths);
    }

    private static int count(List<String> lines, String word) {
        return (int) lines.stream().filter(word::equals).count();
    }

    private static boolean child(Path folder, Path results, List<Path> models)
            throws IOException, InterruptedException {
        var list = Files.write(
                folder.resolve("list"), models.stream().map(Path::toString).toList());
        var builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:-CreateCoredumpOnCrash",
                "-XX:ErrorFile=" + folder.resolve("crash.log"),
                Runner.class.getName(),
                list.toString(),
                results.toString());
        builder.environment()
                .put(
                        "CLASSPATH",
                        System.getProperty("java.class.path", "")
                                .replace(File.pathSeparator + File.pathSeparator, File.pathSeparator));
        var process = builder.redirectErrorStream(true)
                .redirectOutput(folder.resolve("output").toFile())
                .start();
        boolean ended = process.waitFor(CHILD_SECONDS, TimeUnit.SECONDS);
        process.destroyForcibly().waitFor();
        return ended && process.exitValue() == 0;
    }

    private byte[] next() throws IOException {
        var original = originals.get(random.nextInt(originals.size()));
        return switch (random.nextInt(4)) {
            case 0 -> flipped(original, 1 + random.nextInt(4));
            case 1 -> java.util.Arrays.copyOf(original, random.nextInt(original.length));
            case 2 -> spliced(original);
            default -> changed(ModelProto.parseFrom(original)).toByteArray();
        };
    }

    private byte[] flipped(byte[] model, int flips) {
        var damaged = model.clone();
        for (int i = 0; i < flips; i++) {
            damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return damaged;
    }

    /** A piece of the model over another piece of it. */
    private byte[] spliced(byte[] model) {
        var damaged = model.clone();
        int length = 1 + random.nextInt(40);
        System.arraycopy(
                model, random.nextInt(model.length - length), damaged, random.nextInt(model.length - length), length);
        return damaged;
    }

    /** Still a message, and most often a graph, but not one that means anything. */
    private ModelProto changed(ModelProto model) {
        var changed = model.toBuilder();
        var graph = changed.getGraphBuilder();
        for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
            var node = graph.getNodeBuilder(random.nextInt(graph.getNodeCount()));
            switch (random.nextInt(6)) {
                case 0 -> changeAttribute(node);
                case 1 -> node.setOpType(any(graph).getOpType());
                case 2 -> rewire(graph, node);
                case 3 -> node.clearInput();
                case 4 -> {
                    var tensor = graph.getInitializerBuilder(random.nextInt(graph.getInitializerCount()));
                    if (tensor.getDimsCount() > 0) {
                        tensor.setDims(random.nextInt(tensor.getDimsCount()), extreme());
                    }
                }
                default -> {
                    var dims = graph.getInputBuilder(0)
                            .getTypeBuilder()
                            .getTensorTypeBuilder()
                            .getShapeBuilder();
                    dims.getDimBuilder(random.nextInt(dims.getDimCount())).setDimValue(extreme());
                }
            }
        }
        return changed.build();
    }

    private void changeAttribute(NodeProto.Builder node) {
        if (node.getAttributeCount() == 0) {
            node.addAttribute(AttributeProto.newBuilder()
                    .setName("strides")
                    .setType(AttributeProto.AttributeType.INTS)
                    .addInts(extreme()));
            return;
        }
        var attribute = node.getAttributeBuilder(random.nextInt(node.getAttributeCount()));
        if (attribute.getIntsCount() > 0) {
            attribute.setInts(random.nextInt(attribute.getIntsCount()), extreme());
        } else {
            attribute.setI(extreme());
        }
    }

    /** An input from anywhere in the graph: from behind, it makes a cycle. */
    private void rewire(GraphProto.Builder graph, NodeProto.Builder node) {
        if (node.getInputCount() > 0) {
            node.setInput(random.nextInt(node.getInputCount()), any(graph).getOutput(0));
        }
    }

    private NodeProto any(GraphProto.Builder graph) {
        return graph.getNode(random.nextInt(graph.getNodeCount()));
    }

    private long extreme() {
        return EXTREME[random.nextInt(EXTREME.length)];
    }

    public static void main(String[] args) throws Exception {
        var folder = Files.createTempDirectory("dartscc-fuzz-");
        long start = System.nanoTime();
        System.out.println(new ModelFuzz(Long.parseLong(args[1])).run(Integer.parseInt(args[0]), folder));
        System.out.printf("%.1f s; models in %s%n", (System.nanoTime() - start) / 1e9, folder);
    }

    /** The child: opens and runs each model of a list once, and writes down what came of it. */
    static final class Runner {
        private Runner() {}

        public static void main(String[] args) throws IOException {
            var engine = Engine.of(Engine.ONNXRUNTIME);
            try (var results = Files.newBufferedWriter(Path.of(args[1]), java.nio.file.StandardOpenOption.APPEND)) {
                for (var file : Files.readAllLines(Path.of(args[0]))) {
                    results.write(outcome(engine, Files.readAllBytes(Path.of(file))) + "\n");
                    results.flush();
                }
            }
        }

        private static String outcome(Engine engine, byte[] model) {
            try (var open = engine.open(model, IMAGE, Profile.of("ort-cpu"), false)) {
                open.run();
                return "run";
            } catch (ProbeException | ArithmeticException e) {
                return "failed";
            }
        }
    }
}
