package org.dartscc.orchestrator.imported;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;

import org.dartscc.orchestrator.messaging.MessageJson;

/** JSON tables, whose errors name the field. */
final class TableJson {
    private TableJson() {}

    static JsonNode read(String content) {
        try {
            var document = MessageJson.MAPPER.readTree(content);
            if (document == null || !document.isObject()) {
                throw new MalformedTableException("content", "the table is no JSON object");
            }
            return document;
        } catch (JsonProcessingException e) {
            var at = e.getLocation();
            throw new MalformedTableException(
                    at == null ? "content" : "line " + at.getLineNr(),
                    "the table is no complete JSON document: " + e.getOriginalMessage());
        }
    }

    static double number(JsonNode node, String where) {
        if (!node.isNumber() || !Double.isFinite(node.asDouble())) {
            throw new MalformedTableException(
                    where, node.isMissingNode() ? "it is missing" : "it is no number: " + node);
        }
        return node.asDouble();
    }

    static int integer(JsonNode node, String where) {
        if (!node.isIntegralNumber() || !node.canConvertToInt()) {
            throw new MalformedTableException(
                    where, node.isMissingNode() ? "it is missing" : "it is no whole number: " + node);
        }
        return node.asInt();
    }
}
