package dev.segno.shopping;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/**
 * What the assistant answers.
 *
 * @param status  for the HTTP route that may stand behind the question; 0 for none
 * @param headers for it as well
 */
public record ShoppingReply(int status, Map<String, String> headers, JsonNode body) {

    public ShoppingReply {
        headers = Map.copyOf(headers);
    }

    static ShoppingReply of(int status, JsonNode body) {
        return new ShoppingReply(status, Map.of(), body);
    }

    /** Data for the rest of a route. */
    static ShoppingReply data(JsonNode body) {
        return of(0, body);
    }
}
