package dev.segno.shopping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.segno.security.ApiError;
import dev.segno.security.ApiException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A message as a user sent it, found to be well-formed.
 *
 * @param owner     the caller, where callers are known
 * @param sessionId null for a new session
 * @param clarify   whether questions may be asked back
 * @param key       of the request; empty without
 * @param patience  how long the sender waits for what comes of it
 * @param placePatience how long it may wait before it begins, when too much goes on
 */
record Said(
        String userId,
        @Nullable String owner,
        @Nullable String sessionId,
        String message,
        ArrayNode media,
        String requestType,
        boolean clarify,
        Optional<String> key,
        Duration patience,
        Duration placePatience) {

    private static final int MOST_CHARACTERS = 5000;
    private static final int MOST_ANSWERED = 2000;
    private static final int MOST_MEDIA = 5;
    private static final Duration MOST_WAIT = Duration.ofMinutes(1);
    static final Pattern SESSION_ID = Pattern.compile("[A-Za-z0-9_-]{1,64}");
    private static final Pattern PREFERRED_WAIT = Pattern.compile("(?:^|[,;\\s])wait\\s*=\\s*(\\d{1,4})(?:$|[,;\\s])");
    private static final List<String> MEDIA_TYPES = List.of("audio", "image", "video");

    /** @throws ApiException that says which field is wrong */
    static Said of(ShoppingRequest request, Duration waitLimit) {
        JsonNode body = request.body();
        Faults faults = new Faults();
        String message = text(body, "message", MOST_CHARACTERS, faults);
        String userId = text(body, "user_id", 128, faults);
        JsonNode id = body.path("session_id");
        if (Json.isGiven(id) && !SESSION_ID.matcher(id.asText()).matches()) {
            faults.add("/session_id", "must be 1 to 64 letters, digits, _ or -");
        }
        ArrayNode media = media(body.path("media"), faults);
        faults.raise();
        String type = request.parameter("type").orElse("chat");
        return new Said(
                userId,
                request.caller().orElse(null),
                Json.isGiven(id) ? id.asText() : null,
                message,
                media,
                type,
                !type.equals("search") || body.path("clarify").asBoolean(true),
                request.parameter("Idempotency-Key"),
                patience(request, waitLimit),
                placePatience(request, waitLimit));
    }

    /** What the answer to a question says. */
    static String answer(JsonNode body) {
        Faults faults = new Faults();
        String answer = text(body, "answer", MOST_ANSWERED, faults);
        faults.raise();
        return answer;
    }

    /** {@code Prefer: wait=n}, in seconds; without it the limit. */
    static Duration patience(ShoppingRequest request, Duration limit) {
        Matcher preferred =
                PREFERRED_WAIT.matcher(request.parameter("Prefer").orElse("").toLowerCase(Locale.ROOT));
        if (!preferred.find()) {
            return limit;
        }
        Duration wished = Duration.ofSeconds(Long.parseLong(preferred.group(1)));
        return wished.compareTo(MOST_WAIT) < 0 ? wished : MOST_WAIT;
    }

    /** Who has a socket waits for no reply, and so no shorter for a place than others do. */
    static Duration placePatience(ShoppingRequest request, Duration limit) {
        return request.parameter("type").orElse("").equals("socket") ? limit : patience(request, limit);
    }

    /** Who is counted: the caller where one is known, for a user can be claimed to be anybody. */
    String speaker() {
        return owner == null ? userId : owner;
    }

    /** The key among those of all users. */
    Optional<String> scopedKey() {
        return key.map(own -> speaker() + "/" + own);
    }

    /** The same as the answer to a question. */
    ObjectNode answer() {
        ObjectNode answer = Json.object().put("answer", message);
        answer.set("media", media);
        return answer;
    }

    /** The input of the turn's run. */
    ObjectNode input(String session) {
        ObjectNode input = Json.object()
                .put("session_id", session)
                .put("user_id", userId)
                .put("message", message)
                .put("request_type", requestType)
                .put("clarify", clarify);
        input.set("media", media);
        return input;
    }

    private static String text(JsonNode body, String field, int most, Faults faults) {
        JsonNode value = body.path(field);
        String text = value.isTextual() ? value.textValue().strip() : "";
        if (!value.isTextual()) {
            faults.add("/" + field, Json.isGiven(value) ? "must be a text" : "is required");
        } else if (text.isEmpty() || text.length() > most) {
            faults.add(
                    "/" + field,
                    "must have 1 to " + most + " characters, without blanks around it; it has " + text.length());
        }
        return text;
    }

    private static ArrayNode media(JsonNode media, Faults faults) {
        ArrayNode items = Json.array();
        if (!Json.isGiven(media)) {
            return items;
        }
        if (!media.isArray() || media.size() > MOST_MEDIA) {
            faults.add("/media", "must be a list of at most " + MOST_MEDIA);
            return items;
        }
        for (int i = 0; i < media.size(); i++) {
            JsonNode item = media.get(i);
            if (!MEDIA_TYPES.contains(Json.text(item, "media_type"))) {
                faults.add("/media/" + i + "/media_type", "must be one of " + String.join(", ", MEDIA_TYPES));
            }
            if (Json.text(item, "s3_key").isEmpty()) {
                faults.add("/media/" + i + "/s3_key", "is required");
            }
            items.add(item);
        }
        return items;
    }

    /** What is wrong, field by field. */
    private static final class Faults {
        private final ArrayNode details = Json.array();

        void add(String path, String message) {
            details.add(Json.object().put("path", path).put("message", message));
        }

        void raise() {
            if (!details.isEmpty()) {
                throw new ApiException(new ApiError(400, "invalid", "The request body is not as described", details));
            }
        }
    }
}
