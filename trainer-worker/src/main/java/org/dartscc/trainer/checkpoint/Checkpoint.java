package org.dartscc.trainer.checkpoint;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.dartscc.model.artifact.SafeTensors;
import org.dartscc.model.message.DatasetSpec;
import org.dartscc.model.space.Genotype;
import org.dartscc.model.space.SearchSpace;

/**
 * Everything that training goes on from, as one safetensors file: weights by parameter name, their momentum, what else a
 * method trains or has settled on, and how often each option was trained. Random sources need no state: they are
 * functions of seed and step. Running statistics are not in it: those of a supernet mix all its networks and mean
 * nothing, so that every subnet's are made anew before it is used.
 *
 * @param step steps done so far
 * @param threads that the weights were computed with; another number gives other roundings
 * @param weights trainable tensors by parameter name
 * @param momenta by parameter name
 * @param counts how often each option of each decision was trained, by decision and option
 * @param finalists architectures that a method has settled on; empty before, and where it never does
 * @param alphas what a method trains beside the weights: logits and the moments of their optimizer, by name
 */
public record Checkpoint(
        Origin origin,
        int step,
        int threads,
        Map<String, SafeTensors.Tensor> weights,
        Map<String, SafeTensors.Tensor> momenta,
        SafeTensors.Tensor counts,
        List<Genotype> finalists,
        Map<String, SafeTensors.Tensor> alphas) {
    private static final String FORMAT = "dartscc-checkpoint-1";
    private static final String MOMENTUM = "momentum/";
    private static final String ALPHAS = "alphas/";
    private static final String COUNTS = "counts";
    /** With a number from 0: an entry each, since a value has a greatest length and a fleet has none. */
    private static final String FINALIST = "finalist-";

    /** What guided sampling in searches of before there were finalists; their weights still make models. */
    private static final String FORMER_POLICY = "hypernetwork/";

    /** What the weights were trained on: a task must ask for the same. */
    public record Origin(String space, String dataset, String method, long seed) {
        public static Origin of(SearchSpace space, DatasetSpec dataset, String method, long seed) {
            var s = space.spec();
            return new Origin(
                    "%s:%s:%d".formatted(s.name(), s.image(), s.classes()),
                    // The name may be a path with letters that metadata does not take.
                    java.net.URLEncoder.encode(dataset.name(), java.nio.charset.StandardCharsets.UTF_8) + ":"
                            + dataset.splitSeed(),
                    method,
                    seed);
        }
    }

    public byte[] toBytes() {
        var tensors = new LinkedHashMap<String, SafeTensors.Tensor>(weights);
        momenta.forEach((name, tensor) -> tensors.put(MOMENTUM + name, tensor));
        tensors.put(COUNTS, counts);
        alphas.forEach((name, tensor) -> tensors.put(ALPHAS + name, tensor));
        var metadata = new LinkedHashMap<String, String>();
        metadata.put("format", FORMAT);
        metadata.put("space", origin.space());
        metadata.put("dataset", origin.dataset());
        metadata.put("method", origin.method());
        metadata.put("seed", String.valueOf(origin.seed()));
        metadata.put("step", String.valueOf(step));
        metadata.put("threads", String.valueOf(threads));
        for (int i = 0; i < finalists.size(); i++) {
            metadata.put(FINALIST + i, finalists.get(i).toString());
        }
        return new SafeTensors(tensors, metadata).toBytes();
    }

    /** @throws IllegalArgumentException when the bytes are no checkpoint */
    public static Checkpoint parse(byte[] bytes) {
        var file = SafeTensors.parse(bytes);
        var metadata = file.metadata();
        if (!FORMAT.equals(metadata.get("format"))) {
            throw new IllegalArgumentException(
                    "the artifact is no checkpoint: its format is " + metadata.get("format"));
        }
        var weights = new LinkedHashMap<String, SafeTensors.Tensor>();
        var momenta = new LinkedHashMap<String, SafeTensors.Tensor>();
        var alphas = new LinkedHashMap<String, SafeTensors.Tensor>();
        file.tensors().forEach((name, tensor) -> {
            if (name.startsWith(MOMENTUM)) {
                momenta.put(name.substring(MOMENTUM.length()), tensor);
            } else if (name.startsWith(ALPHAS)) {
                alphas.put(name.substring(ALPHAS.length()), tensor);
            } else if (!name.equals(COUNTS) && !name.startsWith(FORMER_POLICY)) {
                weights.put(name, tensor);
            }
        });
        var finalists = Stream.iterate(0, i -> metadata.containsKey(FINALIST + i), i -> i + 1)
                .map(i -> Genotype.parse(metadata.get(FINALIST + i)))
                .toList();
        return new Checkpoint(
                new Origin(
                        metadata.get("space"),
                        metadata.get("dataset"),
                        metadata.get("method"),
                        number(metadata, "seed")),
                (int) number(metadata, "step"),
                (int) number(metadata, "threads"),
                weights,
                momenta,
                file.tensor(COUNTS),
                finalists,
                alphas);
    }

    private static long number(Map<String, String> metadata, String key) {
        var text = metadata.get(key);
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("the checkpoint's " + key + " is no number: " + text, e);
        }
    }

    /** @throws IllegalArgumentException when it was not trained in this space on these images */
    public void requireTrainedOn(SearchSpace space, DatasetSpec dataset) {
        requireOrigin(Origin.of(space, dataset, origin.method(), origin.seed()));
    }

    /** @throws IllegalArgumentException when it was trained for something else */
    public void requireOrigin(Origin wanted) {
        if (!origin.equals(wanted)) {
            throw new IllegalArgumentException("the checkpoint is of another search: it is of %s, but the task is of %s"
                    .formatted(origin, wanted));
        }
    }

    /** @throws IllegalArgumentException when a round of that search that starts at that step does not go on from it */
    public void requireNext(Origin wanted, int firstStep) {
        requireOrigin(wanted);
        if (step != firstStep) {
            throw new IllegalArgumentException(
                    "the round starts at step %d, but its checkpoint is of step %d".formatted(firstStep, step));
        }
    }
}
