package org.dartscc.agent.device;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import org.dartscc.model.artifact.ArtifactRef;

/** The two calls of the orchestrator that an agent makes, over real HTTP. */
public final class StubOrchestrator implements AutoCloseable {
    public static final String TOKEN = "the-device-token";

    public final Map<String, byte[]> models = new ConcurrentHashMap<>();
    public volatile int unwell;
    final AtomicInteger identities = new AtomicInteger();

    private final HttpServer server;

    public StubOrchestrator() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::handle);
        server.start();
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Keeps a model to be fetched. */
    public ArtifactRef offer(String id, byte[] model) {
        models.put(id, model);
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(model);
            return new ArtifactRef(HexFormat.of().formatHex(digest), model.length);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM knows SHA-256", e);
        }
    }

    private void handle(HttpExchange exchange) throws IOException {
        var path = exchange.getRequestURI().getPath();
        if (unwell > 0) {
            unwell--;
            answer(exchange, 503, "{\"title\":\"starting\"}".getBytes(StandardCharsets.UTF_8));
        } else if (!("Bearer " + TOKEN).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            answer(exchange, 401, "{\"title\":\"unauthorised\"}".getBytes(StandardCharsets.UTF_8));
        } else if (path.equals("/api/agent")) {
            identities.incrementAndGet();
            answer(exchange, 200, """
                    {"deviceId":"device-1","name":"my laptop","kafkaBootstrapServers":"127.0.0.1:1","new":1}""".getBytes(StandardCharsets.UTF_8));
        } else {
            var id = path.replaceAll("^/api/models/|/onnx$", "");
            var model = models.get(id);
            answer(exchange, model == null ? 404 : 200, model == null ? new byte[0] : model);
        }
    }

    private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
        try (exchange) {
            exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
