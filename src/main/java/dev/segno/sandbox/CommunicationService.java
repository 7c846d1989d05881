package dev.segno.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/** Stands in for the service hub's communication service: notifications and conversations. */
final class CommunicationService extends HubService {

    private static final Set<String> TYPES = Set.of("info", "warning", "error", "success");

    private final List<ObjectNode> notifications = new ArrayList<>();
    private final List<ObjectNode> conversations = new ArrayList<>();

    CommunicationService(Clock clock) {
        super("communication", clock);
    }

    @Override
    public String description() {
        return "notifications and conversations of the service hub";
    }

    @Override
    public void open(Desk desk) {
        work(desk, "/api/v1/notifications", this::send);
        read(desk, "/api/v1/notifications", this::list);
        work(desk, "/api/v1/conversations", this::converse);
    }

    @Override
    public ObjectNode records(boolean ids) {
        ObjectNode records =
                Json.object().put("notifications", notifications.size()).put("conversations", conversations.size());
        return ids ? records.set("recipients", Json.tree(recipients())) : records;
    }

    private List<String> recipients() {
        return notifications.stream()
                .map(sent -> sent.path("recipient_id").asText())
                .toList();
    }

    @Override
    public void reset() {
        super.reset();
        notifications.clear();
        conversations.clear();
    }

    private Answer send(Request request) {
        JsonNode wish = request.json();
        if (!TYPES.contains(wish.path("type").asText())
                || wish.path("title").asText().isEmpty()
                || wish.path("message").asText().isEmpty()) {
            return detail(422, "A notification needs a type (info, warning, error, success), a title and a message");
        }
        ObjectNode sent = Json.object().put("id", "notification-" + (notifications.size() + 1));
        for (String field : List.of("type", "title", "message", "recipient_id", "data")) {
            if (wish.has(field)) {
                sent.set(field, wish.path(field));
            }
        }
        notifications.add(
                sent.put("read", false).put("created_at", clock.instant().toString()));
        return Answer.json(200, sent);
    }

    private Answer list(Request request) {
        List<ObjectNode> newestFirst = new ArrayList<>(notifications);
        Collections.reverse(newestFirst);
        return page(request, newestFirst);
    }

    private Answer converse(Request request) {
        JsonNode participants = request.json().path("participants");
        if (!participants.isArray()) {
            return detail(422, "A conversation needs participants");
        }
        ObjectNode conversation = Json.object()
                .put("id", "conversation-" + (conversations.size() + 1))
                .put("name", request.json().path("name").asText());
        conversation.set("participants", participants);
        conversation
                .put("created_at", clock.instant().toString())
                .put("updated_at", clock.instant().toString());
        conversations.add(conversation);
        return Answer.json(200, conversation);
    }
}
