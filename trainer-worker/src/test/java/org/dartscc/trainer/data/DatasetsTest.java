package org.dartscc.trainer.data;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import javax.imageio.ImageIO;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.dartscc.model.message.DatasetSpec;
import org.dartscc.model.network.Shape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

class DatasetsTest {
    @TempDir
    Path folder;

    private Dataset load(String name, long seed) {
        return new Datasets(folder).load(new DatasetSpec(name, seed));
    }

    @Test
    void theBundledSampleIsStratifiedWithTheWholeTestSet() throws Exception {
        var dataset = load("fashion-mnist-sample", 5);
        assertThat(dataset.info().image()).isEqualTo(new Shape(1, 28, 28));
        assertThat(dataset.info().classNames()).hasSize(10).contains("Ankle boot");
        for (int c = 0; c < 10; c++) {
            assertThat(count(dataset.train(), c)).isEqualTo(1_400);
            assertThat(count(dataset.validation(), c)).isEqualTo(200);
            assertThat(count(dataset.test(), c)).isEqualTo(1_000);
        }
        assertThat(dataset.info().mean().get(0)).isCloseTo(.286, within(.005));
        assertThat(dataset.info().std().get(0)).isCloseTo(.353, within(.005));
        assertThat(digest("t10k-images-idx3-ubyte.gz"))
                .isEqualTo("5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b");
        assertThat(digest("t10k-labels-idx1-ubyte.gz"))
                .isEqualTo("0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34");
        assertThat(getClass().getResource("/datasets/fashion-mnist-sample/LICENSE"))
                .isNotNull();
    }

    private static long count(LabelledImages images, int label) {
        return Arrays.stream(images.labels()).filter(l -> l == label).count();
    }

    private static String digest(String file) throws Exception {
        try (var in =
                new GZIPInputStream(DatasetsTest.class.getResourceAsStream("/datasets/fashion-mnist-sample/" + file))) {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(in.readAllBytes()));
        }
    }

    @Test
    void theSplitIsAFunctionOfTheSeed() {
        var once = load("fashion-mnist-sample", 5);
        assertThat(load("fashion-mnist-sample", 5).validation().pixels())
                .isEqualTo(once.validation().pixels());
        assertThat(load("fashion-mnist-sample", 6).validation().pixels())
                .isNotEqualTo(once.validation().pixels());
    }

    @Test
    void trainAndValidationShareNoImage() {
        var parts = Split.draw(new int[] {0, 1, 0, 1, 0, 1, 0, 1, 1, 1}, 2, .5, 3);
        assertThat(parts.drawn()).hasSize(5).doesNotContain(parts.rest());
        assertThat(Arrays.stream(parts.drawn()).filter(i -> i == 0 || i == 2 || i == 4 || i == 6))
                .hasSize(2);
    }

    @Test
    void anUnknownNameIsAnsweredWithTheKnownOnes() {
        assertThatThrownBy(() -> load("imagenet", 0))
                .isInstanceOf(UnusableDatasetException.class)
                .hasMessageContaining("imagenet")
                .hasMessageContaining("fashion-mnist-sample, fashion-mnist, cifar-10 and image-folder:PATH");
    }

    @Test
    void mirroringTurnsRowsAround() {
        var images = new LabelledImages(
                new Shape(1, 2, 3), new byte[] {0, 51, 102, (byte) 153, (byte) 204, (byte) 255}, new int[1]);
        var info = new org.dartscc.model.message.DatasetInfo(
                "x",
                images.shape(),
                java.util.List.of("a", "b"),
                java.util.List.of(0.),
                java.util.List.of(1.),
                1,
                1,
                1,
                0);
        assertThat(new Pixels(info).normalised(images, new int[] {0}, new boolean[] {true}))
                .containsExactly(.4f, .2f, 0f, 1f, .8f, .6f);
    }

    @Test
    void foldersOfGreyImagesBecomeOneChannelAndColourThree() throws IOException {
        writeFolders(folder.resolve("grey"), 8, 20, BufferedImage.TYPE_BYTE_GRAY, "png");
        var grey = load("image-folder:" + folder.resolve("grey"), 1);
        assertThat(grey.info().image()).isEqualTo(new Shape(1, 12, 8));
        assertThat(grey.info().classNames()).containsExactly("cat", "dog");
        assertThat(grey.test().size()).isEqualTo(8);
        assertThat(grey.validation().size()).isEqualTo(4);
        assertThat(grey.train().size()).isEqualTo(28);

        for (var part : new String[] {"train", "test"}) {
            writeFolders(folder.resolve("colour").resolve(part), 8, 16, BufferedImage.TYPE_INT_RGB, "jpg");
        }
        var colour = load("image-folder:" + folder.resolve("colour"), 1);
        assertThat(colour.info().image()).isEqualTo(new Shape(3, 12, 8));
        assertThat(colour.test().size()).isEqualTo(32);
    }

    @Test
    void anImageThatCantBeUsedIsNamed() throws IOException {
        writeFolders(folder.resolve("f"), 8, 4, BufferedImage.TYPE_INT_RGB, "png");
        var bad = folder.resolve("f/cat/zz.png");
        Files.writeString(bad, "no image");
        assertThatThrownBy(() -> load("image-folder:" + folder.resolve("f"), 1)).hasMessageContaining("zz.png");
        ImageIO.write(new BufferedImage(9, 12, BufferedImage.TYPE_INT_RGB), "png", bad.toFile());
        assertThatThrownBy(() -> load("image-folder:" + folder.resolve("f"), 1))
                .hasMessageContaining("zz.png")
                .hasMessageContaining("9x12");
        ImageIO.write(new BufferedImage(5000, 5000, BufferedImage.TYPE_BYTE_GRAY), "png", bad.toFile());
        assertThatThrownBy(() -> load("image-folder:" + folder.resolve("f"), 1)).hasMessageContaining("5000x5000");
        assertThatThrownBy(() -> load("image-folder:" + folder.resolve("absent"), 1))
                .hasMessageContaining("absent");
    }

    private static void writeFolders(Path root, int width, int count, int type, String format) throws IOException {
        for (var name : new String[] {"cat", "dog"}) {
            var ofClass = Files.createDirectories(root.resolve(name));
            for (int i = 0; i < count; i++) {
                var image = new BufferedImage(width, 12, type);
                image.setRGB(i % width, i % 12, 0xff8000);
                ImageIO.write(image, format, ofClass.resolve(i + "." + format).toFile());
            }
        }
    }

    @Test
    void cifarIsReadFromItsBinaryFiles() throws IOException {
        var given = System.getenv().getOrDefault("DARTSCC_TEST_DATA", "../../shared/data");
        var data = Path.of(System.getProperty("dartscc.test.data", given)).resolve("cifar10");
        Assumptions.assumeTrue(
                Files.isDirectory(data),
                "SKIPPED: no CIFAR-10 images; set DARTSCC_TEST_DATA to the folder of test data");
        var cifar = Files.createDirectories(folder.resolve("cifar-10"));
        Files.copy(data.resolve("train4000.bin"), cifar.resolve("data_batch_1.bin"));
        Files.copy(data.resolve("test1000.bin"), cifar.resolve("test_batch.bin"));
        var dataset = load("cifar-10", 1);
        assertThat(dataset.info().image()).isEqualTo(new Shape(3, 32, 32));
        assertThat(dataset.train().size() + dataset.validation().size()).isEqualTo(4_000);
        assertThat(dataset.test().size()).isEqualTo(1_000);
        assertThat(dataset.info().mean()).allSatisfy(m -> assertThat(m).isBetween(.4, .55));
    }

    @Test
    void anArchiveWithNamesThatReachOutsideIsReadWithoutWritingAnything() throws IOException {
        var record = new byte[3073];
        var archive = folder.resolve("a.tar.gz");
        try (var out = new GZIPOutputStream(Files.newOutputStream(archive))) {
            entry(out, "../outside.bin", '0', record);
            entry(out, "/tmp/outside.bin", '0', record);
            entry(out, "cifar-10-batches-bin/link", '2', new byte[0]);
            entry(out, "cifar-10-batches-bin/data_batch_1.bin", '0', record);
            entry(out, "cifar-10-batches-bin/test_batch.bin", '0', record);
            out.write(new byte[1024]);
        }
        assertThat(Cifar10.unpack(archive).train().size()).isEqualTo(1);
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(archive);
        }
        var bomb = folder.resolve("b.tar.gz");
        try (var out = new GZIPOutputStream(Files.newOutputStream(bomb))) {
            out.write(header("cifar-10-batches-bin/test_batch.bin", '0', 7L << 30));
        }
        assertThatThrownBy(() -> Cifar10.unpack(bomb)).hasMessageContaining("larger than a CIFAR-10 file");
    }

    private static void entry(GZIPOutputStream out, String name, char type, byte[] content) throws IOException {
        out.write(header(name, type, content.length));
        out.write(content);
        out.write(new byte[(512 - content.length % 512) % 512]);
    }

    private static byte[] header(String name, char type, long size) throws IOException {
        var header = new ByteArrayOutputStream();
        header.write(Arrays.copyOf(name.getBytes(StandardCharsets.US_ASCII), 124));
        header.write(Arrays.copyOf("%011o".formatted(size).getBytes(StandardCharsets.US_ASCII), 32));
        header.write(type);
        return Arrays.copyOf(header.toByteArray(), 512);
    }
}
