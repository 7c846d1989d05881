package dev.segno.security;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** How an error looks as JSON. The API has one shape; a route package may declare its own. */
@FunctionalInterface
public interface ErrorShape {

    /** {@code {"error":{"id","status","code","message","details"?}}}. */
    ErrorShape API = (error, id) -> {
        ObjectNode inner = JsonNodeFactory.instance.objectNode();
        inner.put("id", id);
        inner.put("status", error.status());
        inner.put("code", error.code());
        inner.put("message", error.message());
        if (error.details() != null) {
            inner.set("details", error.details());
        }
        return JsonNodeFactory.instance.objectNode().set("error", inner);
    };

    /** The JSON for an error whose id, the request's id, is {@code id}. */
    JsonNode body(ApiError error, String id);
}
