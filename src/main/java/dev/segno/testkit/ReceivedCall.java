package dev.segno.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.MultiMap;
import org.jspecify.annotations.Nullable;

/**
 * A call that a stand-in got.
 *
 * @param path   without its query
 * @param body   JSON, or its text; {@code null} for none
 * @param answer what the stand-in did, for people
 */
record ReceivedCall(
        String service,
        String method,
        String path,
        MultiMap headers,
        @Nullable JsonNode body,
        String answer) {

    /** Key of the step that called, and where the call stands in it; empty outside of steps. */
    String key() {
        String key = headers.get("Idempotency-Key");
        return key == null ? "" : key.substring(key.indexOf('/') + 1);
    }

    /** Whether a step of this key made it. */
    boolean isOf(String step) {
        String key = key();
        int retry = key.indexOf('#');
        String place = retry < 0 ? key : key.substring(0, retry);
        return place.equals(step) || place.startsWith(step + '/');
    }

    /** The same call, with another answer. */
    ReceivedCall answered(String other) {
        return new ReceivedCall(service, method, path, headers, body, other);
    }

    @Override
    public String toString() {
        return service + " " + method + " " + path + (key().isEmpty() ? "" : "  (" + key() + ")") + "  " + answer;
    }
}
