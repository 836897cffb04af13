package org.dartscc.model.message;

/**
 * The images of a search: a name as users write it ({@code fashion-mnist-sample}, {@code fashion-mnist},
 * {@code cifar-10}, {@code image-folder:PATH}) and the seed of its train/validation split.
 */
public record DatasetSpec(String name, long splitSeed) {}
