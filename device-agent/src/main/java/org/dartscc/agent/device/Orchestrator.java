package org.dartscc.agent.device;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.regex.Pattern;

import org.dartscc.agent.Json;
import org.dartscc.model.artifact.ArtifactRef;

/** The orchestrator's REST interface as far as an agent needs it, with the device's token on every call. */
public final class Orchestrator {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int MAX_TEXT = 64 * 1024;
    private static final Pattern MODEL_ID = Pattern.compile("[A-Za-z0-9_-]{1,100}");

    private final URI base;
    private final String token;
    private final HttpClient http = HttpClient.newBuilder()
            .connectTimeout(PATIENCE)
            .followRedirects(HttpClient.Redirect.NEVER)
            .version(HttpClient.Version.HTTP_1_1)
            .build();

    /** @throws IllegalArgumentException when the base is no http(s) URL */
    public Orchestrator(String base, String token) {
        var uri = URI.create(base.endsWith("/") ? base.substring(0, base.length() - 1) : base);
        if (uri.getHost() == null || !("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))) {
            throw new IllegalArgumentException("the orchestrator's address is no http or https URL: " + base);
        }
        this.base = uri;
        this.token = token;
    }

    /**
     * Asks who the token stands for.
     *
     * @throws RefusedException when the token, or the address, is wrong
     * @throws IOException when the orchestrator can't be reached or is not well: try again
     */
    public DeviceIdentity identity() throws RefusedException, IOException, InterruptedException {
        try (var body = get("/api/agent").body()) {
            var text = body.readNBytes(MAX_TEXT);
            try {
                return Json.MAPPER.readValue(text, DeviceIdentity.class);
            } catch (IOException e) {
                throw new RefusedException("what answers at " + base + " is no orchestrator of DARTS-CC: "
                        + firstLine(new String(text, StandardCharsets.UTF_8)));
            }
        }
    }

    /**
     * Downloads a model's bytes, which have the digest and size of the reference.
     *
     * @throws RefusedException when there is no such model for this device, or it is not what the reference says
     * @throws IOException when the orchestrator can't be reached or is not well: try again
     */
    public byte[] model(String modelId, ArtifactRef ref, long maxBytes)
            throws RefusedException, IOException, InterruptedException {
        if (!MODEL_ID.matcher(modelId).matches()) {
            throw new RefusedException("\"" + modelId + "\" can't be the id of a model");
        }
        if (ref.sizeBytes() > maxBytes) {
            throw new RefusedException(
                    "the model has %d bytes; this agent takes up to %d".formatted(ref.sizeBytes(), maxBytes));
        }
        try (var body = get("/api/models/" + modelId + "/onnx").body()) {
            // One array of the announced size: an agent's heap is small, a model may be large.
            var bytes = new byte[Math.toIntExact(ref.sizeBytes())];
            int read = body.readNBytes(bytes, 0, bytes.length);
            if (read < bytes.length) {
                throw new IOException("the download broke off after %d of %d bytes".formatted(read, bytes.length));
            }
            if (body.read() >= 0 || !sha256(bytes).equals(ref.sha256())) {
                throw new RefusedException(
                        "the downloaded model is not the one that was announced: its digest differs");
            }
            return bytes;
        }
    }

    private HttpResponse<InputStream> get(String path) throws RefusedException, IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(base + path))
                .header("Authorization", "Bearer " + token)
                .timeout(PATIENCE)
                .build();
        var response = send(request);
        int status = response.statusCode();
        if (status == 200) {
            return response;
        }
        String answer;
        try (var body = response.body()) {
            answer = firstLine(new String(body.readNBytes(MAX_TEXT), StandardCharsets.UTF_8));
        }
        if (status == 401 || status == 403) {
            throw new RefusedException("the orchestrator at " + base + " refuses this device's token (" + status
                    + "); register the device and pass on the token it was given");
        }
        var problem = "GET %s%s answered %d: %s".formatted(base, path, status, answer);
        if (status >= 500 || status == 408 || status == 429) {
            throw new IOException(problem);
        }
        throw new RefusedException(problem);
    }

    private HttpResponse<InputStream> send(HttpRequest request) throws IOException, InterruptedException {
        try {
            return http.send(request, BodyHandlers.ofInputStream());
        } catch (IOException e) {
            throw new IOException(
                    base + " can't be reached" + (e.getMessage() == null ? "" : ": " + e.getMessage()), e);
        }
    }

    private static String firstLine(String text) {
        var line = text.strip().lines().findFirst().orElse("(nothing)");
        return line.length() > 300 ? line.substring(0, 300) + "…" : line;
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }
}
