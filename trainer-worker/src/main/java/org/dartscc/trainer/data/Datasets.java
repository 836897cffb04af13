package org.dartscc.trainer.data;

import java.nio.file.Path;
import java.util.Optional;

import org.dartscc.model.message.DatasetSpec;

/** Finds data sets by name. The last one is kept in memory, since the rounds of a search follow each other. */
public final class Datasets {
    private final Path folder;
    private final Download download = new Download();
    private DatasetSpec lastSpec;
    private Dataset last;

    /** @param folder where data sets are looked up and downloaded to */
    public Datasets(Path folder) {
        this.folder = folder;
    }

    /**
     * The data set, split by the spec's seed; the same for the same spec and files.
     *
     * @throws UnusableDatasetException when there is none of that name, or it can't be read
     */
    public synchronized Dataset load(DatasetSpec spec) {
        return Optional.ofNullable(last).filter(d -> spec.equals(lastSpec)).orElseGet(() -> read(spec));
    }

    /** The data set read anew, as when a search starts: the user may have changed the files. */
    public synchronized Dataset read(DatasetSpec spec) {
        last = null;
        last = Split.of(source(spec), spec.splitSeed());
        lastSpec = spec;
        return last;
    }

    private Source source(DatasetSpec spec) {
        var name = spec.name();
        if (name.startsWith(ImageFolder.PREFIX)) {
            return ImageFolder.load(name, spec.splitSeed());
        }
        return switch (name) {
            case FashionMnist.SAMPLE -> FashionMnist.sample();
            case FashionMnist.WHOLE -> FashionMnist.whole(folder, download);
            case Cifar10.NAME -> Cifar10.load(folder, download);
            default ->
                throw new UnusableDatasetException("there is no data set \"%s\"; known are %s, %s, %s and %sPATH"
                        .formatted(name, FashionMnist.SAMPLE, FashionMnist.WHOLE, Cifar10.NAME, ImageFolder.PREFIX));
        };
    }
}
