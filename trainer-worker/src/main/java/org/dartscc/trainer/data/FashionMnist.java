package org.dartscc.trainer.data;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Fashion-MNIST (Xiao, Rasul, Vollgraf 2017; MIT licence, Zalando): whole, from a folder of its four files or its
 * official download, or the bundled sample of 16,000 training images and the whole test set.
 */
final class FashionMnist {
    static final String WHOLE = "fashion-mnist";
    static final String SAMPLE = "fashion-mnist-sample";

    static final List<String> CLASSES = List.of(
            "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot");

    /** SHA-256 of the content: archives of one content differ. */
    private static final List<Download.Item> FILES = List.of(
            new Download.Item(
                    "train-images-idx3-ubyte.gz",
                    26_421_880,
                    "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888"),
            new Download.Item(
                    "train-labels-idx1-ubyte.gz",
                    29_515,
                    "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9"),
            new Download.Item(
                    "t10k-images-idx3-ubyte.gz",
                    4_422_102,
                    "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b"),
            new Download.Item(
                    "t10k-labels-idx1-ubyte.gz",
                    5_148,
                    "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34"));

    private static final URI OFFICIAL = URI.create("http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/");
    private static final Path DISTRIBUTION = Path.of("/usr/share/datasets/fashion-mnist");

    private FashionMnist() {}

    static Source sample() {
        return read(SAMPLE, FashionMnist::bundled);
    }

    private static InputStream bundled(String file) throws IOException {
        var in = FashionMnist.class.getResourceAsStream("/datasets/fashion-mnist-sample/" + file);
        if (in == null) {
            throw new IOException("the bundled file " + file + " is missing");
        }
        return in;
    }

    /** Looks in the folder for data sets, then where the distribution's package puts it, then downloads it. */
    static Source whole(Path datasets, Download download) {
        var folder = datasets.resolve(WHOLE);
        if (!complete(folder) && complete(DISTRIBUTION)) {
            folder = DISTRIBUTION;
        }
        download.gzipped(OFFICIAL, FILES, folder);
        var found = folder;
        return read(WHOLE, file -> Files.newInputStream(found.resolve(file)));
    }

    private static boolean complete(Path folder) {
        return FILES.stream().allMatch(f -> Files.isRegularFile(folder.resolve(f.name())));
    }

    @FunctionalInterface
    private interface Opener {
        InputStream open(String file) throws IOException;
    }

    private static Source read(String name, Opener files) {
        try {
            var train = Idx.read(
                    files.open(FILES.get(0).name()), files.open(FILES.get(1).name()));
            var test = Idx.read(
                    files.open(FILES.get(2).name()), files.open(FILES.get(3).name()));
            return new Source(name, CLASSES, train, test);
        } catch (IOException e) {
            throw new UnusableDatasetException(name + " can't be read: " + e.getMessage(), e);
        }
    }
}
