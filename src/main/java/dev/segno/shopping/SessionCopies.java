package dev.segno.shopping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * Copies sessions into a table of their old home: an item for each request, and one that stands for the session. Our own
 * store stays the truth. Safe for use by many threads.
 */
final class SessionCopies {

    private static final List<String> OF_TURN =
            List.of("state", "history", "requirement_spec", "clarification", "results", "message", "error");

    private final SessionStore store;
    private final Supplier<CopyTable> table;
    private final Executor executor;

    /** @param table asked for when the first item is to be written */
    SessionCopies(SessionStore store, Supplier<CopyTable> table, Executor executor) {
        this.store = store;
        this.table = table;
        this.executor = executor;
    }

    Map<String, ShoppingOperation> operations() {
        return Map.of("items", this::items, "copy", this::copy);
    }

    /** Both items of the session as it is now, also when its time is over; none when it is gone. {@code session_id} says which. */
    private CompletableFuture<ShoppingReply> items(ShoppingRequest request) {
        String id = request.parameter("session_id").orElseThrow(ShoppingAssistant::unknownSession);
        ObjectNode items = Json.object().put("session_id", id);
        ArrayNode all = items.putArray("items");
        store.find(id).ifPresent(session -> all.add(turn(session)).add(head(session)));
        return CompletableFuture.completedFuture(ShoppingReply.data(items));
    }

    /** Writes the {@code items} of the body, each unless a later one is there. */
    private CompletableFuture<ShoppingReply> copy(ShoppingRequest request) {
        return CompletableFuture.supplyAsync(
                () -> {
                    request.body().path("items").forEach(table.get()::put);
                    return ShoppingReply.data(Json.object()
                            .put("copied", request.body().path("items").size()));
                },
                executor);
    }

    private static ObjectNode turn(Session session) {
        JsonNode document = session.document();
        ObjectNode item = item(session, document.path("request_id").asText());
        item.set("request_type", document.path("request_type"));
        item.set("input_data", document.path("input"));
        ObjectNode state = item.putObject("workflow_state");
        OF_TURN.forEach(field -> state.set(field, document.path(field)));
        return item;
    }

    private static ObjectNode head(Session session) {
        JsonNode document = session.document();
        ObjectNode item = item(session, "SESSION#" + session.id());
        item.put("workflow_stage", session.stage().workflowStage());
        item.put("clarification_count", document.path("clarification_count").asInt());
        item.set("requirement_spec", document.path("requirement_spec"));
        item.set("search_results", document.path("results"));
        item.set("image_attributes", document.path("image_attributes"));
        item.putObject("metadata");
        return item;
    }

    private static ObjectNode item(Session session, String sortKey) {
        return Json.object()
                .put("pk", session.id())
                .put("sk", sortKey)
                .put("user_id", session.userId())
                .put("status", session.stage().status())
                .put("created_at", session.createdAt().toString())
                .put("updated_at", session.updatedAt().toString())
                .put("ttl", session.expiresAt().getEpochSecond());
    }
}
