package org.dartscc.benchmarks.step;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;

import org.dartscc.model.network.Network;
import org.dartscc.model.network.Parameter;
import org.dartscc.model.space.SearchSpace;
import org.dartscc.trainer.step.Loss;
import org.dartscc.trainer.step.Sgd;
import org.dartscc.trainer.supernet.Forward;
import org.dartscc.trainer.supernet.NativeEngine;
import org.dartscc.trainer.supernet.Statistics;
import org.dartscc.trainer.supernet.Values;

/**
 * A process that does steps in DJL when it is told to: a number on its input is so many steps, answered by a line of CPU
 * seconds and the process' peak memory in KiB. The steps are the supernet's: losses by the sandwich rule, gradients of
 * all networks, one update.
 */
public final class DjlSteps {
    private static final float LEARNING_RATE = .01f;

    private final List<List<Network>> steps;
    private final Values values;
    private final Map<Integer, NDArray> mixtureWeights = new HashMap<>();
    private final Sgd sgd;
    private final NDArray images;
    private final NDArray targets;
    private final boolean update;
    private int next;

    private DjlSteps(NDManager manager, Task task) {
        SearchSpace space = task.create();
        this.steps = task.kind().steps(space);
        this.values = Values.initial(manager, space.parameters(), 1);
        this.sgd = new Sgd(values, values.zeros(manager), 5e-4, 5);
        this.update = task.update();
        var random = new Random(3);
        var shape = task.image();
        var pixels = new float[(int) (task.batch() * shape.elements())];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (float) random.nextGaussian();
        }
        images = manager.create(pixels, new Shape(task.batch(), shape.channels(), shape.height(), shape.width()));
        targets =
                Loss.oneHot(manager, random.ints(task.batch(), 0, Task.CLASSES).toArray(), Task.CLASSES);
        if (task.kind() == Kind.MIXTURE) {
            for (int d = 0; d < space.decisions().size(); d++) {
                int options = space.decisions().get(d).options().size();
                var weights = new float[options];
                java.util.Arrays.fill(weights, 1f / options);
                var array = manager.create(weights);
                array.setRequiresGradient(true);
                mixtureWeights.put(d, array);
            }
        }
    }

    /** Arguments as {@link Task#arguments()}. */
    public static void main(String[] arguments) throws IOException {
        var task = Task.of(arguments);
        try (var manager = NativeEngine.load(task.threads()).newManager();
                var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            var steps = new DjlSteps(manager, task);
            for (var line = in.readLine(); line != null; line = in.readLine()) {
                double before = cpuSeconds();
                for (int i = 0; i < Integer.parseInt(line); i++) {
                    steps.step();
                }
                System.out.println((cpuSeconds() - before) + " " + peakKib());
                System.out.flush();
            }
        }
    }

    private void step() {
        var networks = steps.get(next++ % steps.size());
        try (var scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            var wanted = targets;
            boolean first = true;
            try (var collector = Engine.getInstance().newGradientCollector()) {
                for (var network : networks) {
                    var logits = new Forward(network, values.arrays(), Statistics.BATCH, mixtureWeights).logits(images);
                    var loss = Loss.crossEntropy(logits, wanted);
                    collector.backward(loss);
                    if (first) {
                        // As in training, where the loss is looked at.
                        loss.getFloat();
                        wanted = logits.stopGradient().softmax(1);
                        first = false;
                    }
                }
            }
            if (update) {
                sgd.update(used(networks), LEARNING_RATE);
            } else {
                used(networks).forEach(p -> JniUtils.zeroGrad((PtNDArray) values.get(p.name())));
            }
            mixtureWeights.values().forEach(w -> JniUtils.zeroGrad((PtNDArray) w));
        }
    }

    private static List<Parameter> used(List<Network> networks) {
        var used = new LinkedHashMap<String, Parameter>();
        for (var network : networks) {
            network.parameters().stream().filter(p -> p.role().trainable()).forEach(p -> used.putIfAbsent(p.name(), p));
        }
        return new ArrayList<>(used.values());
    }

    private static double cpuSeconds() {
        var os = (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        return os.getProcessCpuTime() / 1e9;
    }

    /** Most memory that was resident so far; 0 where the system does not tell. */
    private static long peakKib() throws IOException {
        var status = Path.of("/proc/self/status");
        if (!Files.exists(status)) {
            return 0;
        }
        return Files.readAllLines(status).stream()
                .filter(l -> l.startsWith("VmHWM:"))
                .mapToLong(l -> Long.parseLong(l.replaceAll("\\D", "")))
                .findFirst()
                .orElse(0);
    }
}
