package org.dartscc.trainer.data;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

import org.dartscc.model.network.Shape;

/**
 * The user's own images: one folder per class holding PNG or JPEG files of one size, either under {@code train/} and
 * {@code test/}, or in the folder itself, when a fifth of each class is set aside as test images by the seed. Images
 * are grey when all of them are.
 */
final class ImageFolder {
    static final String PREFIX = "image-folder:";

    private static final int MIN_SIDE = 8;
    private static final int MAX_SIDE = 256;
    private static final int MAX_CLASSES = 1_000;
    private static final int MAX_IMAGES = 200_000;
    private static final long MAX_FILE_BYTES = 16L << 20;
    /** While they are put in order, pixels are in memory twice; a third is left for training. */
    private static final long MAX_BYTES_OF_ALL = Runtime.getRuntime().maxMemory() / 3;

    private static final int RGB = 3;
    private static final double TEST_SHARE = .2;

    private final String name;
    private int width;
    private int height;
    private boolean colour;

    private ImageFolder(String name) {
        this.name = name;
    }

    static Source load(String name, long seed) {
        return new ImageFolder(name).read(Path.of(name.substring(PREFIX.length())), seed);
    }

    private Source read(Path folder, long seed) {
        if (!Files.isDirectory(folder)) {
            throw new UnusableDatasetException(
                    "there is no folder " + folder + " with images on the trainer's machine");
        }
        var train = folder.resolve("train");
        var test = folder.resolve("test");
        if (Files.isDirectory(train) && Files.isDirectory(test)) {
            var classes = classes(train);
            if (!classes.containsAll(classes(test))) {
                throw new UnusableDatasetException(
                        test + " has classes that " + train + " lacks: " + classes(test) + " and " + classes);
            }
            var trainImages = images(train, classes);
            var testImages = images(test, classes);
            return new Source(name, classes, packed(trainImages), packed(testImages));
        }
        var classes = classes(folder);
        var all = packed(images(folder, classes));
        var parts = Split.draw(all.labels(), classes.size(), TEST_SHARE, ~seed);
        return new Source(name, classes, all.subset(parts.rest()), all.subset(parts.drawn()));
    }

    private static List<String> classes(Path folder) {
        var classes = list(folder)
                .filter(Files::isDirectory)
                .map(p -> p.getFileName().toString())
                .filter(n -> !n.startsWith("."))
                .toList();
        if (classes.size() < 2 || classes.size() > MAX_CLASSES) {
            throw new UnusableDatasetException("%s must hold a folder for each of 2 to %d classes, but has %d"
                    .formatted(folder, MAX_CLASSES, classes.size()));
        }
        return classes;
    }

    private static Stream<Path> list(Path folder) {
        try (var entries = Files.list(folder)) {
            return entries.sorted().toList().stream();
        } catch (IOException e) {
            throw new UnusableDatasetException("the folder " + folder + " can't be read: " + e.getMessage(), e);
        }
    }

    /** Pixels as RGB, image after image, each [3, height, width]. */
    private record Loaded(List<byte[]> rgb, List<Integer> labels) {}

    private Loaded images(Path folder, List<String> classes) {
        var loaded = new Loaded(new ArrayList<>(), new ArrayList<>());
        for (int c = 0; c < classes.size(); c++) {
            var ofClass = folder.resolve(classes.get(c));
            if (Files.isDirectory(ofClass)) {
                for (var file : list(ofClass).filter(ImageFolder::isImage).toList()) {
                    loaded.rgb().add(rgb(file));
                    loaded.labels().add(c);
                    requireBounded(folder, loaded);
                }
            }
        }
        if (loaded.rgb().isEmpty()) {
            throw new UnusableDatasetException(folder + " holds no PNG or JPEG images");
        }
        return loaded;
    }

    private void requireBounded(Path folder, Loaded loaded) {
        long bytes = (long) loaded.rgb().size() * width * height * RGB;
        if (loaded.rgb().size() > MAX_IMAGES || bytes > MAX_BYTES_OF_ALL) {
            throw new UnusableDatasetException(
                    "%s is too large: at most %d images and %d MB of pixels fit this trainer's memory"
                            .formatted(folder, MAX_IMAGES, MAX_BYTES_OF_ALL >> 20));
        }
    }

    private static boolean isImage(Path file) {
        var lower = file.getFileName().toString().toLowerCase(Locale.ROOT);
        return lower.endsWith(".png") || lower.endsWith(".jpg") || lower.endsWith(".jpeg");
    }

    private byte[] rgb(Path file) {
        try {
            var image = decode(file);
            if (width == 0) {
                width = image.getWidth();
                height = image.getHeight();
            }
            if (image.getWidth() != width || image.getHeight() != height) {
                throw new IOException("it is %dx%d, but the images before it are %dx%d; all must have one size"
                        .formatted(image.getWidth(), image.getHeight(), width, height));
            }
            return planes(image);
        } catch (IOException e) {
            throw new UnusableDatasetException("the image " + file + " can't be used: " + e.getMessage(), e);
        } catch (RuntimeException e) {
            // ImageIO's readers throw all sorts of them on damaged files.
            throw new UnusableDatasetException("the image " + file + " is damaged: " + e, e);
        }
    }

    /** The size is read and checked before the pixels are, so that no small file makes a huge image. */
    private static BufferedImage decode(Path file) throws IOException {
        if (Files.size(file) > MAX_FILE_BYTES) {
            throw new IOException("it is larger than " + (MAX_FILE_BYTES >> 20) + " MB");
        }
        try (var in = ImageIO.createImageInputStream(new ByteArrayInputStream(Files.readAllBytes(file)))) {
            var readers = ImageIO.getImageReaders(in);
            if (!readers.hasNext()) {
                throw new IOException("it is no PNG or JPEG image");
            }
            var reader = readers.next();
            try {
                reader.setInput(in);
                int w = reader.getWidth(0);
                int h = reader.getHeight(0);
                if (Math.min(w, h) < MIN_SIDE || Math.max(w, h) > MAX_SIDE) {
                    throw new IOException(
                            "it is %dx%d; sides of %d to %d are taken".formatted(w, h, MIN_SIDE, MAX_SIDE));
                }
                return reader.read(0);
            } finally {
                reader.dispose();
            }
        }
    }

    private byte[] planes(BufferedImage image) {
        int plane = width * height;
        var rgb = image.getRGB(0, 0, width, height, null, 0, width);
        var bytes = new byte[RGB * plane];
        for (int p = 0; p < plane; p++) {
            bytes[p] = (byte) (rgb[p] >> 16);
            bytes[plane + p] = (byte) (rgb[p] >> 8);
            bytes[2 * plane + p] = (byte) rgb[p];
            colour |= bytes[p] != bytes[plane + p] || bytes[p] != bytes[2 * plane + p];
        }
        return bytes;
    }

    private LabelledImages packed(Loaded loaded) {
        var shape = new Shape(colour ? RGB : 1, height, width);
        int length = (int) shape.elements();
        var pixels = new byte[Math.multiplyExact(length, loaded.rgb().size())];
        for (int i = 0; i < loaded.rgb().size(); i++) {
            System.arraycopy(Arrays.copyOf(loaded.rgb().get(i), length), 0, pixels, i * length, length);
        }
        return new LabelledImages(
                shape, pixels, loaded.labels().stream().mapToInt(l -> l).toArray());
    }
}
