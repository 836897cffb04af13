package org.dartscc.cli.command;

import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import com.fasterxml.jackson.databind.JsonNode;

/** Reading of JSON that may lack what is asked for. */
final class Json {
    private Json() {}

    /** What the orchestrator wants to be known of an answer, on a line of its own; nothing for most. */
    static String note(JsonNode answer) {
        var note = answer.path("note").asText("");
        return note.isEmpty() || note.equals("null") ? "" : "note: " + note + System.lineSeparator();
    }

    static Stream<JsonNode> stream(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }
}
