package org.dartscc.trainer.data;

import org.dartscc.model.message.DatasetInfo;

/**
 * A data set split three ways. Training and recalibration see {@code train}, selection sees {@code validation}, and
 * only the final evaluation of a model sees {@code test}.
 */
public record Dataset(DatasetInfo info, LabelledImages train, LabelledImages validation, LabelledImages test) {

    /** Makes images into what the networks take, with this data set's normalisation. */
    public Pixels pixels() {
        return new Pixels(info);
    }
}
