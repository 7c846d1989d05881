package dev.segno.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One call that a stand-in received: what came, when, and what became of it. */
final class Call {

    /** Larger bodies are kept as their length and hash, so that a sandbox can be left running. */
    private static final int LARGEST_KEPT_BODY_BYTES = 64 * 1024;

    private final int number;
    private final String method;
    private final String path;
    private final Map<String, String> query;
    private final Map<String, String> headers;
    private final ObjectNode body;
    private final Instant startedAt;
    private final int overlaps;

    private @Nullable Instant endedAt;
    private @Nullable Integer status;
    private boolean worked;
    private boolean repeated;
    private boolean callerGone;
    private boolean dropped;

    /**
     * Opens the record of a call.
     *
     * @param number its place in the log, from 1
     * @param request what came
     * @param startedAt when it came
     * @param overlaps how many other calls' work was under way at that moment
     */
    Call(int number, Request request, Instant startedAt, int overlaps) {
        this.number = number;
        this.method = request.method();
        this.path = request.path();
        this.query = request.query();
        this.headers = request.headers();
        this.body = kept(request);
        this.startedAt = startedAt;
        this.overlaps = overlaps;
    }

    /** The work of this call is done, now and for the first time. */
    void worked() {
        worked = true;
    }

    /** The call's key was known: it gets the recorded answer. */
    void repeated() {
        repeated = true;
    }

    /** The call is over with this answer, which reached the caller or did not. */
    void answered(int answerStatus, boolean reached, Instant now) {
        status = answerStatus;
        callerGone = !reached;
        endedAt = now;
    }

    /** The call is over, and the connection was closed without an answer. */
    void dropped(Instant now) {
        dropped = true;
        endedAt = now;
    }

    String path() {
        return path;
    }

    @Nullable
    String header(String name) {
        return headers.get(name);
    }

    Instant startedAt() {
        return startedAt;
    }

    int overlaps() {
        return overlaps;
    }

    /** The call as {@code GET /_sandbox} shows it; absent: not yet, or not at all. */
    ObjectNode json() {
        ObjectNode json = Json.object().put("n", number).put("method", method).put("path", path);
        json.set("query", Json.tree(query));
        json.set("headers", Json.tree(headers));
        json.setAll(body);
        for (String window : new String[] {"offset", "limit"}) {
            JsonNode value = body.path("body").path(window);
            if (value.isNumber()) {
                json.set(window, value);
            }
        }
        String key = header("idempotency-key");
        if (key != null) {
            json.put("key", key);
        }
        json.put("start", startedAt.toString()).put("overlaps", overlaps);
        if (endedAt != null) {
            json.put("end", endedAt.toString());
        }
        if (status != null) {
            json.put("status", status);
        }
        return json.put("worked", worked)
                .put("repeated", repeated)
                .put("callerGone", callerGone)
                .put("dropped", dropped);
    }

    private static ObjectNode kept(Request request) {
        ObjectNode kept = Json.object();
        byte[] bytes = request.bytes();
        if (bytes.length == 0) {
            return kept;
        }
        kept.put("bodyBytes", bytes.length);
        if (bytes.length > LARGEST_KEPT_BODY_BYTES) {
            return kept.put("bodySha256", sha256(bytes));
        }
        if (request.json().isMissingNode()) {
            return kept.put("body", new String(bytes, StandardCharsets.UTF_8));
        }
        return kept.set("body", request.json());
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
