package dev.segno.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.segno.redis.StreamReaders;
import dev.segno.redis.StreamState;
import dev.segno.security.ApiError;
import dev.segno.security.ApiException;
import dev.segno.trigger.RefusedMessage;
import dev.segno.trigger.RefusedMessages;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How Redis is, and the messages that were refused: list, look at, send again one or all, drop. */
public final class RefusedMessageResources implements ApiRoutes {

    private final StreamReaders readers;
    private final RefusedMessages messages;

    public RefusedMessageResources(StreamReaders readers) {
        this.readers = readers;
        this.messages = readers.refused();
    }

    @Override
    public void mount(Router router) {
        router.get("/api/redis").handler(this::redis);
        router.get("/api/dead-letters/messages").handler(this::list);
        router.post("/api/dead-letters/messages/retry").handler(this::retryAll);
        router.get("/api/dead-letters/messages/:id").handler(this::get);
        router.delete("/api/dead-letters/messages/:id").handler(this::drop);
        router.post("/api/dead-letters/messages/:id/retry").handler(this::retry);
    }

    private void redis(RoutingContext ctx) {
        Answers.answer(ctx, () -> {
            Map<String, @Nullable Object> document = new LinkedHashMap<>();
            document.put("configured", readers.redis().isConfigured());
            document.put("server", readers.redis().server().orElse(null));
            document.put("up", readers.redis().isUp());
            document.put(
                    "streams",
                    readers.states().stream()
                            .map(RefusedMessageResources::document)
                            .toList());
            document.put("refusedMessages", messages.count(Optional.empty()));
            return document;
        });
    }

    private void list(RoutingContext ctx) {
        Optional<String> source = Parameters.parameter(ctx, "source");
        Optional<String> cursor = Parameters.cursor(ctx);
        int limit = Parameters.limit(ctx);
        Answers.answer(ctx, () -> {
            List<RefusedMessage> page = messages.list(source, cursor, limit);
            Map<String, @Nullable Object> document = new LinkedHashMap<>();
            document.put(
                    "messages",
                    page.stream().map(RefusedMessageResources::document).toList());
            document.put(
                    "nextCursor",
                    page.size() < limit ? null : page.get(page.size() - 1).id());
            document.put("total", messages.count(source));
            return document;
        });
    }

    private void get(RoutingContext ctx) {
        String id = ctx.pathParam("id");
        Answers.answer(ctx, () -> document(find(id)));
    }

    private void drop(RoutingContext ctx) {
        String id = ctx.pathParam("id");
        Answers.answer(ctx, () -> {
            if (!messages.remove(id).join()) {
                throw unknown(id);
            }
            Map<String, @Nullable Object> document = new LinkedHashMap<>();
            document.put("id", id);
            document.put("dropped", true);
            return document;
        });
    }

    private void retry(RoutingContext ctx) {
        String id = ctx.pathParam("id");
        Answers.answer(ctx, () -> result(id, readers.retry(find(id)).join()));
    }

    /** Sends the oldest again, of one source if the body names it; at most a page. */
    private void retryAll(RoutingContext ctx) {
        JsonNode body = EditedInputs.document(ctx);
        Optional<String> source = Optional.ofNullable(body.get("source")).map(JsonNode::textValue);
        Answers.answer(ctx, () -> {
            List<Map<String, @Nullable Object>> results = new ArrayList<>();
            for (RefusedMessage message : messages.list(source, Optional.empty(), RefusedMessages.MAX_LIMIT)) {
                results.add(result(
                        message.id(),
                        readers.retry(message)
                                .exceptionally(error -> Optional.of(String.valueOf(
                                        error.getCause() == null
                                                ? error.getMessage()
                                                : error.getCause().getMessage())))
                                .join()));
            }
            Map<String, @Nullable Object> document = new LinkedHashMap<>();
            document.put("results", results);
            document.put("left", messages.count(source));
            return document;
        });
    }

    private RefusedMessage find(String id) {
        return messages.find(id).orElseThrow(() -> unknown(id));
    }

    private static ApiException unknown(String id) {
        return new ApiException(new ApiError(
                404, "not-found", "There is no refused message " + id + "; it may have been sent again or dropped"));
    }

    private static Map<String, @Nullable Object> result(String id, Optional<String> refused) {
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("id", id);
        document.put("done", refused.isEmpty());
        document.put("refused", refused.orElse(null));
        return document;
    }

    private static Map<String, @Nullable Object> document(RefusedMessage message) {
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("id", message.id());
        document.put("source", message.source());
        document.put("group", message.reader());
        document.put("messageId", message.messageId());
        document.put("fields", message.fields());
        document.put("step", message.step());
        document.put("errorType", message.errorType());
        document.put("message", message.error());
        document.put("deliveries", message.deliveries());
        document.put("retries", message.retries());
        document.put("at", message.at().toString());
        return document;
    }

    private static Map<String, @Nullable Object> document(StreamState state) {
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("stream", state.stream());
        document.put("group", state.group());
        document.put("owner", state.owner());
        document.put("status", state.status());
        document.put("why", state.why());
        document.put("settled", state.settled());
        document.put("refused", state.refused());
        document.put("failed", state.failed());
        document.put("losses", state.losses());
        StreamState.Loss loss = state.lastLoss();
        if (loss != null) {
            document.put("lastLoss", Map.of("at", loss.at().toString(), "lastId", loss.lastId()));
        }
        return document;
    }
}
