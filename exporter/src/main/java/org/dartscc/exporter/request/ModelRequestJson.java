package org.dartscc.exporter.request;

import java.io.IOException;
import java.io.UncheckedIOException;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;

import org.dartscc.model.message.ExportedModel;
import org.dartscc.model.message.ModelRequest;

/**
 * Records as JSON. Unknown fields are left alone, so that newer services may add some; missing numbers are not made up,
 * and what else must be there the records say themselves.
 */
final class ModelRequestJson {
    private static final ObjectMapper MAPPER = new ObjectMapper()
            .registerModule(new JavaTimeModule())
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES);
    private static final ObjectReader READER = MAPPER.readerFor(ModelRequest.class);
    private static final ObjectWriter WRITER = MAPPER.writerFor(ExportedModel.class);

    private ModelRequestJson() {}

    /** @throws IllegalArgumentException when it is no model request of the version spoken here */
    static ModelRequest read(byte[] json) {
        if (json == null) {
            throw new IllegalArgumentException("a model request without a value");
        }
        try {
            return READER.readValue(json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not a model request: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String write(ExportedModel exported) {
        try {
            return WRITER.writeValueAsString(exported);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an exported model is always JSON", e);
        }
    }
}
