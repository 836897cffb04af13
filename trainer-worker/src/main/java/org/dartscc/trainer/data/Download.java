package org.dartscc.trainer.data;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.GZIPInputStream;

import org.jboss.logging.Logger;

/**
 * Downloads files whose digests are known. A file is written beside its place, checked, and moved there whole; a
 * download that broke off goes on where it ended.
 */
final class Download {
    private static final Logger LOG = Logger.getLogger(Download.class);
    private static final int OK = 200;
    private static final int PARTIAL = 206;
    private static final int RANGE_NOT_SATISFIABLE = 416;

    private final HttpClient client = HttpClient.newBuilder()
            .connectTimeout(Duration.ofSeconds(20))
            .followRedirects(HttpClient.Redirect.NORMAL)
            .build();

    /**
     * One file to have.
     *
     * @param maxBytes no more is ever taken from the network
     * @param sha256 of the content, unpacked where it is gzipped
     */
    record Item(String name, long maxBytes, String sha256) {}

    /** Has every item in the folder, fetching those that are missing; digests are of the gunzipped content. */
    void gzipped(URI base, List<Item> items, Path folder) {
        for (var item : items) {
            var target = folder.resolve(item.name());
            if (!Files.isRegularFile(target)) {
                fetch(base.resolve(item.name()), item, target, true);
            } else {
                requireDigest(item, target, true);
            }
        }
    }

    /** Fetches one file whose digest is of its bytes, unless it is there. */
    void plain(URI address, Item item, Path target) {
        if (!Files.isRegularFile(target)) {
            fetch(address, item, target, false);
        }
    }

    private void fetch(URI address, Item item, Path target, boolean gzipped) {
        var part = target.resolveSibling(target.getFileName() + ".part");
        try {
            Files.createDirectories(target.getParent());
            LOG.infof("downloading %s", address);
            transfer(address, part, item.maxBytes());
            try {
                requireDigest(item, part, gzipped);
            } catch (UnusableDatasetException e) {
                // Going on from a damaged part would never end well.
                Files.deleteIfExists(part);
                throw e;
            }
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UnusableDatasetException(
                    "%s can't be downloaded from %s to %s: %s. Put the file there by hand, or try again; what came is kept"
                            .formatted(item.name(), address, target.getParent(), reason(e)),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnusableDatasetException("the download of " + item.name() + " was interrupted", e);
        }
    }

    private static String reason(IOException e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    private void transfer(URI address, Path part, long maxBytes) throws IOException, InterruptedException {
        long have = Files.exists(part) ? Files.size(part) : 0;
        var request = HttpRequest.newBuilder(address).timeout(Duration.ofMinutes(30));
        if (have > 0) {
            request.header("Range", "bytes=" + have + "-");
        }
        var response = client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        try (var body = response.body()) {
            if (response.statusCode() == RANGE_NOT_SATISFIABLE) {
                return;
            }
            if (response.statusCode() != OK && response.statusCode() != PARTIAL) {
                throw new IOException("the server answered " + response.statusCode());
            }
            boolean goesOn = response.statusCode() == PARTIAL;
            var mode = goesOn ? StandardOpenOption.APPEND : StandardOpenOption.TRUNCATE_EXISTING;
            try (var out = Files.newOutputStream(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE, mode)) {
                copy(body, out, maxBytes - (goesOn ? have : 0));
            }
        }
    }

    private static void copy(InputStream in, OutputStream out, long limit) throws IOException {
        var buffer = new byte[1 << 16];
        long left = limit;
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            left -= n;
            if (left < 0) {
                throw new IOException("the server sends more than the file has");
            }
            out.write(buffer, 0, n);
        }
    }

    private static void requireDigest(Item item, Path file, boolean gzipped) {
        try (var raw = Files.newInputStream(file);
                var content = gzipped ? new GZIPInputStream(raw, 1 << 16) : raw) {
            var digest = MessageDigest.getInstance("SHA-256");
            new DigestInputStream(content, digest).transferTo(OutputStream.nullOutputStream());
            var actual = HexFormat.of().formatHex(digest.digest());
            if (!actual.equals(item.sha256())) {
                throw new UnusableDatasetException(
                        "%s is not the published file: its content has the SHA-256 %s, not %s"
                                .formatted(file, actual, item.sha256()));
            }
        } catch (IOException e) {
            throw new UnusableDatasetException(file + " is damaged: " + reason(e), e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }
}
