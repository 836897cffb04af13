package org.dartscc.trainer.step;

import java.util.List;

import org.dartscc.model.artifact.SafeTensors;
import org.dartscc.model.space.Genotype;
import org.dartscc.model.space.SearchSpace;

/** How often every option of every decision was trained; merging shards weighs operators by it. */
final class OptionCounts {
    private final SearchSpace space;
    private final int[] offsets;
    private final float[] counts;

    OptionCounts(SearchSpace space) {
        this.space = space;
        this.offsets = new int[space.decisions().size()];
        int options = 0;
        for (int d = 0; d < offsets.length; d++) {
            offsets[d] = options;
            options += space.decisions().get(d).options().size();
        }
        this.counts = new float[options];
    }

    void count(Genotype genotype) {
        var indices = space.indices(genotype);
        for (int d = 0; d < indices.length; d++) {
            counts[offsets[d] + indices[d]]++;
        }
    }

    /** A mixture trains every option. */
    void countAll() {
        for (int i = 0; i < counts.length; i++) {
            counts[i]++;
        }
    }

    void add(SafeTensors.Tensor before) {
        if (before.values().length != counts.length) {
            throw new IllegalArgumentException("the checkpoint counts %d options, but the space has %d"
                    .formatted(before.values().length, counts.length));
        }
        for (int i = 0; i < counts.length; i++) {
            counts[i] += before.values()[i];
        }
    }

    SafeTensors.Tensor tensor() {
        return new SafeTensors.Tensor(List.of((long) counts.length), counts.clone());
    }
}
