package org.dartscc.cli.command;

import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

import org.dartscc.cli.FailureException;
import org.dartscc.cli.local.DataFolder;
import org.dartscc.cli.local.DataFolder.Connection;
import org.dartscc.cli.rest.Orchestrator;

/** How a command finds its orchestrator, and for whom it writes. */
final class ServerOptions {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    @Option(
            names = "--url",
            paramLabel = "URL",
            description =
                    "the orchestrator, as http://host:8080; default: DARTSCC_URL, else the running \"dartscc up\"")
    private String url;

    @Option(
            names = "--token",
            paramLabel = "TOKEN",
            description = "a user's token; default: DARTSCC_TOKEN, which no other user of this machine can see")
    private String token;

    @Option(names = "--data-dir", paramLabel = "DIR", description = "the folder of the running \"dartscc up\"")
    private Path dataDir;

    @Option(names = "--json", description = "write the server's JSON, for machines")
    private boolean json;

    @Spec(Target.MIXEE)
    private CommandSpec command;

    DataFolder data() {
        return dataDir == null ? DataFolder.ofUser() : new DataFolder(dataDir);
    }

    boolean json() {
        return json;
    }

    PrintWriter out() {
        return command.commandLine().getOut();
    }

    /** Writes JSON for machines, or else the text. */
    void print(JsonNode answer, String text) {
        if (json) {
            printJson(answer);
        } else {
            out().println(text);
        }
        out().flush();
    }

    private void printJson(JsonNode answer) {
        try {
            out().println(JSON.writeValueAsString(answer));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("JSON that was read can be written", e);
        }
    }

    /** Where the orchestrator is; that needs no token. */
    URI url() {
        var address = first(url, System.getenv("DARTSCC_URL"));
        return address == null ? URI.create(running().url()) : uri(address);
    }

    /** Whether the orchestrator is that of the local mode on {@link #data()}. */
    boolean isLocal() {
        return first(url, System.getenv("DARTSCC_URL")) == null;
    }

    Orchestrator orchestrator() {
        var secret = first(token, System.getenv("DARTSCC_TOKEN"));
        if (isLocal()) {
            return new Orchestrator(url(), secret == null ? running().token() : secret);
        }
        if (secret == null) {
            throw wrongUse("the orchestrator at " + url() + " wants a token: --token or DARTSCC_TOKEN");
        }
        return new Orchestrator(url(), secret);
    }

    private Connection running() {
        return data().connection()
                .orElseThrow(() -> new FailureException(
                        "nothing runs on %s; start it with \"dartscc up\", or say where the orchestrator is with --url"
                                .formatted(data().path())));
    }

    private URI uri(String address) {
        try {
            var uri = URI.create(address.endsWith("/") ? address.substring(0, address.length() - 1) : address);
            if (uri.getHost() != null && uri.getScheme().matches("https?")) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            // No URL at all: told like one that leads nowhere.
        }
        throw wrongUse("\"" + address + "\" is no address such as http://host:8080");
    }

    ParameterException wrongUse(String message) {
        return new ParameterException(command.commandLine(), message);
    }

    private static String first(String option, String otherwise) {
        if (option != null && !option.isBlank()) {
            return option;
        }
        return otherwise == null || otherwise.isBlank() ? null : otherwise;
    }
}
