package org.dartscc.orchestrator.messaging;

import java.io.IOException;
import java.io.UncheckedIOException;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;

/** The JSON of messages and of the documents in the database: ISO instants, unknown fields ignored. */
public final class MessageJson {
    public static final ObjectMapper MAPPER = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();

    private MessageJson() {}

    /** @throws PoisonRecordException when the bytes are not such a message */
    public static <T> T read(byte[] record, Class<T> type) {
        if (record == null) {
            throw new PoisonRecordException("the record has no value");
        }
        try {
            var message = MAPPER.readValue(record, type);
            if (message == null) {
                throw new PoisonRecordException("the record's value is null");
            }
            return message;
        } catch (IOException | RuntimeException e) {
            throw new PoisonRecordException("not a " + type.getSimpleName() + ": " + firstLine(e.getMessage()), e);
        }
    }

    private static String firstLine(String text) {
        return text == null ? "" : text.lines().findFirst().orElse("");
    }

    public static String write(Object value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A document that this service wrote; null for null. */
    public static <T> T stored(String json, Class<T> type) {
        try {
            return json == null ? null : MAPPER.readValue(json, type);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static <T> T stored(String json, TypeReference<T> type) {
        try {
            return MAPPER.readValue(json, type);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same task under another attempt. */
    public static String withAttempt(String task, int attempt) {
        try {
            var tree = (ObjectNode) MAPPER.readTree(task);
            return MAPPER.writeValueAsString(tree.put("attempt", attempt));
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
