package org.dartscc.trainer.data;

import java.util.List;

/** A data set as it was found, before training images are set aside for validation. */
record Source(String name, List<String> classNames, LabelledImages train, LabelledImages test) {
    Source {
        classNames = List.copyOf(classNames);
        if (!train.shape().equals(test.shape())) {
            throw new UnusableDatasetException("%s: the training images are %s, but the test images are %s"
                    .formatted(name, train.shape(), test.shape()));
        }
    }
}
