package org.dartscc.benchmarks.paper;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

import ai.djl.ndarray.NDManager;

import org.dartscc.model.message.DatasetSpec;
import org.dartscc.model.space.SearchSpace;
import org.dartscc.model.space.SpaceSpec;
import org.dartscc.trainer.data.Dataset;
import org.dartscc.trainer.data.Datasets;
import org.dartscc.trainer.pace.Pace;
import org.dartscc.trainer.step.SearchMethod;
import org.dartscc.trainer.supernet.NativeEngine;

/** What pieces are made with: images, spaces, and the engine, which is loaded when training starts. */
final class Workbench {
    private static final long SPLIT_SEED = 0;

    private final Datasets datasets;
    private final int threads;
    private final Map<String, Dataset> loaded = new HashMap<>();
    private final Map<SpaceSpec, SearchSpace> spaces = new HashMap<>();

    Workbench(Path datasets, int threads) {
        this.datasets = new Datasets(datasets);
        this.threads = threads;
    }

    DatasetSpec datasetSpec(String dataset) {
        return new DatasetSpec(dataset, SPLIT_SEED);
    }

    Dataset dataset(String name) {
        return loaded.computeIfAbsent(name, n -> datasets.load(datasetSpec(n)));
    }

    SearchSpace space(String dataset, String name) {
        var info = dataset(dataset).info();
        return spaces.computeIfAbsent(
                new SpaceSpec(name, info.image(), info.classNames().size()), SpaceSpec::create);
    }

    /** Steps of so many passes over a data set's training images. */
    int steps(String dataset, double passes, int batch) {
        return (int) Math.max(1, Math.round(passes * dataset(dataset).train().size() / batch));
    }

    NDManager manager() {
        return NativeEngine.load(threads).newManager();
    }

    SearchMethod.Bench bench(NDManager manager, String dataset, Plan.SpacePlan plan) {
        var whole = dataset(dataset);
        var images = new Dataset(
                whole.info(),
                whole.train(),
                whole.validation().spread(plan.images()),
                whole.test().spread(plan.images()));
        return new SearchMethod.Bench(manager, space(dataset, plan.space()), images, threads, Pace.undisturbed());
    }

    /** CPU time of this process so far, all threads, in seconds. */
    static double cpuSeconds() {
        var os = (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        return os.getProcessCpuTime() / 1e9;
    }
}
