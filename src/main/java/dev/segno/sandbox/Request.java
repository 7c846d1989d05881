package dev.segno.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A call as it came in.
 *
 * @param method the HTTP method
 * @param path the path without the query
 * @param parameters the parts of the path that the operation named
 * @param query the query; values of a repeated name are joined by a comma
 * @param headers the headers, names in lower case; values of a repeated name are joined by a comma
 * @param bytes the body as it came; not to be changed
 * @param json the body's JSON, a missing node if it has none
 */
@SuppressWarnings("ArrayRecordComponent") // compared nowhere, and copied nowhere: bodies can be large
record Request(
        String method,
        String path,
        Map<String, String> parameters,
        Map<String, String> query,
        Map<String, String> headers,
        byte[] bytes,
        JsonNode json) {

    static Request of(RoutingContext context) {
        Buffer buffer = context.body().buffer();
        byte[] bytes = buffer == null ? new byte[0] : buffer.getBytes();
        return new Request(
                context.request().method().name(),
                context.normalizedPath(),
                Map.copyOf(context.pathParams()),
                joined(context.queryParams()),
                joined(context.request().headers()),
                bytes,
                Json.read(bytes));
    }

    @Nullable
    String header(String name) {
        return headers.get(name.toLowerCase(Locale.ROOT));
    }

    String parameter(String name) {
        return parameters.getOrDefault(name, "");
    }

    private static Map<String, String> joined(MultiMap values) {
        Map<String, String> joined = new TreeMap<>();
        values.forEach((name, value) ->
                joined.merge(name.toLowerCase(Locale.ROOT), value, (first, second) -> first + "," + second));
        return joined;
    }
}
