package org.dartscc.trainer.data;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/**
 * Made the bundled sample in src/main/resources/datasets/fashion-mnist-sample: 1,600 training images of each class,
 * drawn with seed 20170828 (the day Fashion-MNIST was published), in their original order, and the test set as it is.
 * Arguments: the folder of the four original files, the folder to write to.
 */
final class FashionMnistSampleGenerator {
    private static final long SEED = 20170828;
    private static final double SHARE = 16_000.0 / 60_000;

    private FashionMnistSampleGenerator() {}

    public static void main(String[] args) throws IOException {
        var from = Path.of(args[0]);
        var to = Files.createDirectories(Path.of(args[1]));
        var train = read(from, "train");
        write(
                to,
                "train",
                train.subset(Split.draw(train.labels(), 10, SHARE, SEED).drawn()));
        write(to, "t10k", read(from, "t10k"));
    }

    private static LabelledImages read(Path folder, String part) throws IOException {
        return Idx.read(
                Files.newInputStream(folder.resolve(part + "-images-idx3-ubyte.gz")),
                Files.newInputStream(folder.resolve(part + "-labels-idx1-ubyte.gz")));
    }

    private static void write(Path folder, String part, LabelledImages images) throws IOException {
        var shape = images.shape();
        var labels = new byte[images.size()];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = (byte) images.labels()[i];
        }
        write(
                folder.resolve(part + "-images-idx3-ubyte.gz"),
                images.pixels(),
                0x0803,
                images.size(),
                shape.height(),
                shape.width());
        write(folder.resolve(part + "-labels-idx1-ubyte.gz"), labels, 0x0801, images.size());
    }

    private static void write(Path file, byte[] bytes, int... header) throws IOException {
        var gzipped = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(new GZIPOutputStream(gzipped) {
            {
                def.setLevel(Deflater.BEST_COMPRESSION);
            }
        })) {
            for (int value : header) {
                out.writeInt(value);
            }
            out.write(bytes);
        }
        Files.write(file, gzipped.toByteArray());
    }
}
