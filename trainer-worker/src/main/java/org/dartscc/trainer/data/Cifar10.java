package org.dartscc.trainer.data;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;

import org.dartscc.model.network.Shape;

/** CIFAR-10 (Krizhevsky 2009) in its binary format: records of a label and 3x32x32 bytes. */
final class Cifar10 {
    static final String NAME = "cifar-10";

    private static final List<String> CLASSES =
            List.of("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck");
    private static final Shape SHAPE = new Shape(3, 32, 32);
    private static final int RECORD = 1 + 3 * 32 * 32;
    private static final int MAX_RECORDS = 100_000;
    private static final String TEST_FILE = "test_batch.bin";
    private static final String INNER_FOLDER = "cifar-10-batches-bin";

    private static final URI OFFICIAL = URI.create("https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz");
    private static final Download.Item ARCHIVE = new Download.Item(
            "cifar-10-binary.tar.gz", 170_052_171, "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd");

    private Cifar10() {}

    /** From {@code cifar-10/} or {@code cifar-10/cifar-10-batches-bin/} in the folder for data sets, or downloaded. */
    static Source load(Path datasets, Download download) {
        var folder = datasets.resolve(NAME);
        try {
            for (var candidate : List.of(folder, folder.resolve(INNER_FOLDER))) {
                if (Files.isRegularFile(candidate.resolve(TEST_FILE))) {
                    return read(candidate);
                }
            }
            var archive = folder.resolve(ARCHIVE.name());
            download.plain(OFFICIAL, ARCHIVE, archive);
            return unpack(archive);
        } catch (IOException e) {
            throw new UnusableDatasetException(
                    "%s can't be read from %s: %s".formatted(NAME, folder, e.getMessage()), e);
        }
    }

    private static Source read(Path folder) throws IOException {
        var train = new ArrayList<byte[]>();
        for (int i = 1; Files.isRegularFile(folder.resolve(batch(i))); i++) {
            train.add(bounded(folder.resolve(batch(i))));
        }
        if (train.isEmpty()) {
            throw new IOException("there is no " + batch(1));
        }
        return source(train, bounded(folder.resolve(TEST_FILE)));
    }

    private static String batch(int number) {
        return "data_batch_" + number + ".bin";
    }

    private static byte[] bounded(Path file) throws IOException {
        if (Files.size(file) > (long) MAX_RECORDS * RECORD) {
            throw new IOException(file.getFileName() + " is larger than a CIFAR-10 file");
        }
        return Files.readAllBytes(file);
    }

    /**
     * Takes the wanted files out of the archive into memory. Nothing is written, so that no name in the archive can
     * reach outside; everything else in it is passed over.
     */
    static Source unpack(Path archive) throws IOException {
        var train = new ArrayList<byte[]>();
        byte[] test = null;
        try (var in = new GZIPInputStream(new BufferedInputStream(Files.newInputStream(archive)), 1 << 16)) {
            for (var entry = TarEntry.next(in); entry != null; entry = TarEntry.next(in)) {
                if (entry.isFile(INNER_FOLDER + "/" + TEST_FILE)) {
                    test = entry.content(in);
                } else if (entry.isFile(INNER_FOLDER + "/" + batch(train.size() + 1))) {
                    train.add(entry.content(in));
                } else {
                    entry.skip(in);
                }
            }
        }
        if (test == null || train.isEmpty()) {
            throw new IOException("the archive " + archive.getFileName() + " lacks the CIFAR-10 files");
        }
        return source(train, test);
    }

    private static Source source(List<byte[]> train, byte[] test) throws IOException {
        return new Source(NAME, CLASSES, images(train), images(List.of(test)));
    }

    private static LabelledImages images(List<byte[]> files) throws IOException {
        int bytes = 0;
        for (var file : files) {
            if (file.length == 0 || file.length % RECORD != 0) {
                throw new IOException("a file of %d bytes is not in the CIFAR-10 format, records of %d bytes"
                        .formatted(file.length, RECORD));
            }
            bytes = Math.addExact(bytes, file.length);
        }
        int count = bytes / RECORD;
        var pixels = new byte[count * (RECORD - 1)];
        var labels = new int[count];
        int i = 0;
        for (var file : files) {
            for (int at = 0; at < file.length; at += RECORD, i++) {
                labels[i] = file[at];
                if (labels[i] < 0 || labels[i] >= CLASSES.size()) {
                    throw new IOException("an image has the class " + labels[i]);
                }
                System.arraycopy(file, at + 1, pixels, i * (RECORD - 1), RECORD - 1);
            }
        }
        return new LabelledImages(SHAPE, pixels, labels);
    }

    /** One entry of a POSIX tar archive. */
    private record TarEntry(String name, char type, long size) {
        private static final int BLOCK = 512;

        static TarEntry next(InputStream in) throws IOException {
            var header = in.readNBytes(BLOCK);
            if (header.length < BLOCK || header[0] == 0) {
                return null;
            }
            var size = text(header, 124, 12).strip();
            try {
                return new TarEntry(text(header, 0, 100), (char) header[156], Long.parseLong(size, 8));
            } catch (NumberFormatException e) {
                throw new IOException("not a tar archive: an entry's size is \"" + size + "\"", e);
            }
        }

        private static String text(byte[] header, int from, int length) {
            int end = from;
            while (end < from + length && header[end] != 0) {
                end++;
            }
            return new String(header, from, end - from, StandardCharsets.US_ASCII);
        }

        boolean isFile(String wanted) {
            return name.equals(wanted) && (type == '0' || type == 0);
        }

        byte[] content(InputStream in) throws IOException {
            if (size > (long) MAX_RECORDS * RECORD) {
                throw new IOException(name + " in the archive is larger than a CIFAR-10 file");
            }
            var content = in.readNBytes((int) size);
            if (content.length < size) {
                throw new IOException("the archive ends within " + name);
            }
            in.skipNBytes(padding());
            return content;
        }

        void skip(InputStream in) throws IOException {
            in.skipNBytes(size + padding());
        }

        private long padding() {
            return (BLOCK - size % BLOCK) % BLOCK;
        }
    }
}
