package org.dartscc.cli.rest;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;

import org.dartscc.cli.FailureException;
import org.dartscc.cli.WrongInputException;

import static java.nio.charset.StandardCharsets.UTF_8;

/** The orchestrator's REST interface as a user with a token sees it. Every failure is told in one line. */
public final class Orchestrator {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final URI url;
    private final String token;

    public Orchestrator(URI url, String token) {
        this.url = url;
        this.token = token;
    }

    /** Text as one segment of a path or one value of a query. */
    public static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    public URI url() {
        return url;
    }

    /** @throws FailureException in the server's words when it refuses, or when nobody answers */
    public JsonNode get(String path) {
        return json(request(path).GET().build());
    }

    /** Sends the body as JSON; an answer without content is a missing node. */
    public JsonNode post(String path, Object body) {
        try {
            return json(request(path)
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString(JSON.writeValueAsString(body)))
                    .build());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a request is made of plain values", e);
        }
    }

    /** The entry of a collection such as {@code /api/devices} whose id, or whose only name, is the given one. */
    public JsonNode find(String collection, String idOrName) {
        var entries = StreamSupport.stream(get(collection).spliterator(), false).toList();
        var byId = entries.stream()
                .filter(entry -> entry.path("id").asText().equals(idOrName))
                .findFirst();
        if (byId.isPresent()) {
            return byId.get();
        }
        var byName = entries.stream()
                .filter(entry -> entry.path("name").asText().equals(idOrName))
                .toList();
        var kind = collection.replaceFirst(".*/(.*)s$", "$1").replace("searche", "search");
        if (byName.size() > 1) {
            throw new WrongInputException("%d %ss are named %s; say which by its id: %s"
                    .formatted(
                            byName.size(),
                            kind,
                            idOrName,
                            String.join(
                                    ", ",
                                    byName.stream()
                                            .map(entry -> entry.path("id").asText())
                                            .toList())));
        }
        if (byName.isEmpty()) {
            throw new WrongInputException("there is no " + kind + " with the id or name " + idOrName);
        }
        return byName.get(0);
    }

    /**
     * Downloads a model. The file appears whole or not at all, and is what the server's ETag says.
     *
     * @return its SHA-256
     */
    public String downloadModel(String modelId, Path target) {
        var response = send(
                request("/api/models/" + encoded(modelId) + "/onnx")
                        .setHeader("Accept", "application/octet-stream")
                        .GET()
                        .build(),
                BodyHandlers.ofInputStream());
        try (var content = response.body()) {
            if (response.statusCode() != 200) {
                throw refused(response.statusCode(), content.readAllBytes());
            }
            var expected = response.headers().firstValue("ETag").orElse("").replace("\"", "");
            return save(content, target, expected);
        } catch (IOException e) {
            throw new FailureException("the model was not saved as " + target + ": " + reason(e), e);
        }
    }

    private static String save(InputStream content, Path target, String expected) throws IOException {
        var folder = Files.createDirectories(target.toAbsolutePath().getParent());
        var part = Files.createTempFile(folder, ".part-", ".onnx");
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            Files.copy(new DigestInputStream(content, digest), part, StandardCopyOption.REPLACE_EXISTING);
            var sha256 = HexFormat.of().formatHex(digest.digest());
            if (!expected.equals(sha256)) {
                throw new IOException("what arrived has the digest " + sha256 + ", not " + expected);
            }
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return sha256;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    /** Follows server-sent events, each its name and data, until the orchestrator ends. */
    public void events(String path, BiConsumer<String, JsonNode> watcher) {
        var response = send(
                request(path).setHeader("Accept", "text/event-stream").GET().build(), BodyHandlers.ofLines());
        try (var lines = response.body()) {
            if (response.statusCode() != 200) {
                throw refused(
                        response.statusCode(),
                        lines.collect(Collectors.joining()).getBytes(UTF_8));
            }
            var name = new String[] {""};
            lines.forEach(line -> {
                if (line.startsWith("event:")) {
                    name[0] = line.substring("event:".length()).strip();
                } else if (line.startsWith("data:")) {
                    watcher.accept(name[0], event(line.substring("data:".length())));
                }
            });
        } catch (UncheckedIOException e) {
            throw new UnreachableException(url, e.getCause());
        }
    }

    private JsonNode event(String data) {
        try {
            return JSON.readTree(data);
        } catch (IOException e) {
            throw new FailureException(url + " sends events that are no JSON", e);
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(url + path))
                .timeout(TIMEOUT)
                .header("Authorization", "Bearer " + token)
                .header("Accept", "application/json, application/problem+json");
    }

    private JsonNode json(HttpRequest request) {
        var response = send(request, BodyHandlers.ofByteArray());
        if (response.statusCode() / 100 != 2) {
            throw refused(response.statusCode(), response.body());
        }
        if (response.body().length == 0) {
            return MissingNode.getInstance();
        }
        try {
            return JSON.readTree(response.body());
        } catch (IOException e) {
            throw new FailureException(url + " does not answer as an orchestrator: its answer is no JSON", e);
        }
    }

    private <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler) {
        try {
            return http.send(request, handler);
        } catch (IOException e) {
            throw new UnreachableException(url, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FailureException("interrupted", e);
        }
    }

    /** The problem's detail, with the fields that it names; else its title; else the status. */
    private RefusedException refused(int status, byte[] body) {
        if (status == 401) {
            return new RefusedException(
                    status, "the orchestrator at " + url + " does not know this token", JSON.createObjectNode());
        }
        var text = "";
        JsonNode problem = JSON.createObjectNode();
        try {
            problem = JSON.readTree(body);
            text = problem.path("detail").asText(problem.path("title").asText(""));
            for (var violation : problem.path("violations")) {
                text += (text.isEmpty() ? "" : "; ")
                        + violation.path("field").asText() + " "
                        + violation.path("message").asText();
            }
        } catch (IOException e) {
            // Not a problem document: the status has to say it.
        }
        return new RefusedException(
                status,
                text.isBlank() ? "the orchestrator answered with HTTP status " + status : oneLine(text),
                problem);
    }

    private static String oneLine(String text) {
        return text.strip().replaceAll("\\s*\\R\\s*", " ");
    }

    private static String reason(IOException failure) {
        return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
    }
}
