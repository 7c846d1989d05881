package dev.segno.shopping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Sessions as clients see them. */
final class SessionView {

    private static final String[] OF_TURN = {"requirement_spec", "results", "message", "error"};

    private static final String[] OF_SESSION = {
        "request_type",
        "requirement_spec",
        "clarification_count",
        "last_message",
        "last_media",
        "transcript",
        "image_attributes"
    };

    private SessionView() {}

    /** The reply to a message or an answer. */
    static ObjectNode turn(Session session) {
        JsonNode document = session.document();
        ObjectNode view = Json.object().put("session_id", session.id());
        view.set("request_id", document.path("request_id"));
        view.put("state", session.stage().name()).put("status", session.stage().status());
        view.set("clarification", question(session));
        for (String name : OF_TURN) {
            view.set(name, orNull(document.path(name)));
        }
        return view;
    }

    /** The reply to a message that waits for its turn. */
    static ObjectNode waiting(String sessionId, String requestId) {
        ObjectNode view = Json.object()
                .put("session_id", sessionId)
                .put("request_id", requestId)
                .put("state", Stage.INITIAL.name())
                .put("status", Stage.INITIAL.status())
                .putNull("clarification");
        for (String name : OF_TURN) {
            view.putNull(name);
        }
        return view;
    }

    /** The whole session, with the fields of the old interface and those of the new one. */
    static ObjectNode whole(Session session, int connections) {
        JsonNode document = session.document();
        ObjectNode inner = Json.object()
                .put("session_id", session.id())
                .put("user_id", session.userId())
                .put("workflow_stage", session.stage().workflowStage());
        for (String name : OF_SESSION) {
            inner.set(name, orNull(document.path(name)));
        }
        inner.set("search_results", orNull(document.path("results")));
        inner.put("created_at", session.createdAt().toString())
                .put("updated_at", session.updatedAt().toString());
        inner.set("metadata", Json.object());
        inner.set("request_id", orNull(document.path("request_id")));
        inner.put("state", session.stage().name()).put("status", session.stage().status());
        inner.set("clarification", question(session));
        inner.set("message", orNull(document.path("message")));
        inner.set("error", orNull(document.path("error")));
        inner.set("history", document.path("history"));
        ObjectNode view = Json.object();
        view.set("session", inner);
        return view.put("active", connections > 0).put("connection_count", connections);
    }

    /** One of a list. */
    static ObjectNode summary(Session session) {
        ObjectNode summary = Json.object()
                .put("session_id", session.id())
                .put("user_id", session.userId())
                .put("state", session.stage().name())
                .put("status", session.stage().status());
        summary.set("last_message", orNull(session.document().path("last_message")));
        return summary.put("created_at", session.createdAt().toString())
                .put("updated_at", session.updatedAt().toString());
    }

    static ObjectNode summaries(Iterable<Session> sessions) {
        ObjectNode list = Json.object();
        ArrayNode all = list.putArray("sessions");
        sessions.forEach(session -> all.add(summary(session)));
        return list;
    }

    private static JsonNode question(Session session) {
        return session.question().orElseGet(() -> orNull(Json.object().path("none")));
    }

    private static JsonNode orNull(JsonNode node) {
        return node.isMissingNode() ? Json.object().nullNode() : node;
    }
}
