package org.dartscc.trainer.data;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class DownloadTest {
    private final byte[] content = new byte[100_000];
    private final List<String> ranges = Collections.synchronizedList(new ArrayList<>());
    private HttpServer server;
    private volatile int breaksAt = -1;

    @TempDir
    Path folder;

    @BeforeEach
    void serve() throws IOException {
        new Random(1).nextBytes(content);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/file", this::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        var range = exchange.getRequestHeaders().getFirst("Range");
        ranges.add(String.valueOf(range));
        int from = range == null ? 0 : Integer.parseInt(range.replaceAll("\\D", ""));
        exchange.sendResponseHeaders(range == null ? 200 : 206, content.length - from);
        int to = breaksAt < 0 ? content.length : breaksAt;
        try (var body = exchange.getResponseBody()) {
            body.write(content, from, to - from);
        }
    }

    private Download.Item item(long maxBytes) throws Exception {
        var digest = MessageDigest.getInstance("SHA-256").digest(content);
        return new Download.Item("file", maxBytes, HexFormat.of().formatHex(digest));
    }

    private URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/file");
    }

    @Test
    void aDownloadThatBrokeOffGoesOnWhereItEnded() throws Exception {
        var target = folder.resolve("sub/file");
        breaksAt = 40_000;
        assertThatThrownBy(() -> new Download().plain(address(), item(100_000), target))
                .isInstanceOf(UnusableDatasetException.class)
                .hasMessageContaining("try again");
        assertThat(target).doesNotExist();
        assertThat(target.resolveSibling("file.part")).hasSize(40_000);
        breaksAt = -1;
        new Download().plain(address(), item(100_000), target);
        assertThat(target).hasBinaryContent(content);
        assertThat(target.resolveSibling("file.part")).doesNotExist();
        assertThat(ranges).containsExactly("null", "bytes=40000-");
    }

    @Test
    void contentOfAnotherDigestIsRefusedAndForgotten() throws Exception {
        var target = folder.resolve("file");
        var item = item(100_000);
        content[5]++;
        assertThatThrownBy(() -> new Download().plain(address(), item, target)).hasMessageContaining("SHA-256");
        try (var files = Files.list(folder)) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void noMoreIsTakenThanTheFileHas() {
        assertThatThrownBy(() -> new Download().plain(address(), item(99_999), folder.resolve("file")))
                .hasMessageContaining("more than the file has");
        assertThat(Arrays.asList(folder.toFile().list())).doesNotContain("file");
    }
}
