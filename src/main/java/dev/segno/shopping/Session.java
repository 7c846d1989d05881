package dev.segno.shopping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a user and the assistant have come to.
 *
 * @param userId   the user, by its own word
 * @param owner    the caller to whom it belongs; null where callers are not known
 * @param document all else, as a JSON object; whoever changes it has read the session for that
 * @param expiresAt from when on it is gone
 */
public record Session(
        String id,
        String userId,
        @Nullable String owner,
        ObjectNode document,
        Instant createdAt,
        Instant updatedAt,
        Instant expiresAt) {

    /** States that are kept, the newest. */
    private static final int MOST_HISTORY = 200;

    /** A session that nobody has said anything in. */
    static Session begin(String id, String userId, @Nullable String owner, Instant now, Duration timeToLive) {
        ObjectNode document = Json.object().put("state", Stage.INITIAL.name());
        document.putArray("history");
        return new Session(id, userId, owner, document, now, now, now.plus(timeToLive));
    }

    /** The same, changed now. What comes behind its end, as that nobody answered in time, does not make it live longer. */
    Session touched(Instant now, Duration timeToLive) {
        Instant end = expiresAt.isAfter(now) ? now.plus(timeToLive) : expiresAt;
        return new Session(id, userId, owner, document, createdAt, now, end);
    }

    public Stage stage() {
        return Stage.valueOf(document.path("state").asText());
    }

    /** The run of the turn that is under way, or was the last; empty before the first. */
    public String runId() {
        return document.path("run_id").asText("");
    }

    /** The question that is open. */
    public Optional<JsonNode> question() {
        JsonNode question = document.path("clarification");
        return stage() == Stage.CLARIFICATION && question.isObject() ? Optional.of(question) : Optional.empty();
    }

    /** Whether a caller may know of it. */
    public boolean isFor(@Nullable String caller) {
        return owner == null || owner.equals(caller);
    }

    /** Goes over to a stage, and notes when; a stage in which the turn is already began when it did. */
    void enter(Stage stage, Instant now) {
        String request = document.path("request_id").asText();
        ArrayNode history = document.withArray("history");
        JsonNode last = history.path(history.size() - 1);
        if (last.path("state").asText().equals(stage.name())
                && last.path("request_id").asText().equals(request)) {
            return;
        }
        document.put("state", stage.name());
        history.addObject().put("state", stage.name()).put("at", now.toString()).put("request_id", request);
        while (history.size() > MOST_HISTORY) {
            history.remove(0);
        }
    }

    /** When the present turn last came to a stage. */
    Optional<Instant> enteredAt(Stage stage) {
        String request = document.path("request_id").asText();
        Instant at = null;
        for (JsonNode entry : document.path("history")) {
            if (entry.path("state").asText().equals(stage.name())
                    && entry.path("request_id").asText().equals(request)) {
                at = Instant.parse(entry.path("at").asText());
            }
        }
        return Optional.ofNullable(at);
    }
}
