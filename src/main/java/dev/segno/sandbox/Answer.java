package dev.segno.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * What a stand-in answers.
 *
 * @param status the HTTP status
 * @param contentType the media type of the body
 * @param body the body's bytes; not to be changed
 * @param headers further headers
 */
@SuppressWarnings("ArrayRecordComponent") // compared nowhere, and copied nowhere: bodies can be large
record Answer(int status, String contentType, byte[] body, Map<String, String> headers) {

    static Answer json(int status, JsonNode body) {
        return new Answer(status, "application/json", Json.write(body), Map.of());
    }

    static Answer text(String text) {
        return new Answer(200, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8), Map.of());
    }

    static Answer error(int status, String error, String message) {
        return json(status, Json.object().put("error", error).put("message", message));
    }

    static Answer unauthorized() {
        return json(401, Json.object().put("error", "Unauthorized"));
    }

    Answer withHeader(String name, String value) {
        return new Answer(status, contentType, body, Map.of(name, value));
    }

    /** The same answer cut off in the middle, so that no JSON parser takes it. */
    Answer malformed() {
        byte[] cut = new byte[body.length / 2 + 1];
        System.arraycopy(body, 0, cut, 0, Math.min(body.length, body.length / 2));
        cut[cut.length - 1] = '{';
        return new Answer(status, contentType, cut, headers);
    }
}
