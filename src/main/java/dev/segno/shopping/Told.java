package dev.segno.shopping;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/**
 * Something that a step tells the user.
 *
 * @param type the word of the socket's protocol, as {@code progress}
 */
record Told(String type, ObjectNode data) {

    static Told progress(Stage stage, String message) {
        return new Told(
                "progress",
                Json.object()
                        .put("step", stage.workflowStage())
                        .put("message", message)
                        .put("stage", stage.name()));
    }

    static Told thinking(String message) {
        return new Told("thinking", Json.object().put("message", message));
    }

    /** @param error {@code code}, {@code message} and {@code step} */
    static Told error(ObjectNode error) {
        String message = error.path("message").asText();
        ObjectNode told = Json.object().put("error", message);
        told.set("details", error.deepCopy());
        told.put("recoverable", true);
        told.set("error_detail", Json.object().put("message", message));
        return new Told("error", told);
    }

    /** The text word by word, as clients show it while it comes. */
    static List<Told> tokens(String text) {
        List<Told> tokens = new ArrayList<>();
        String[] words = text.split("(?<= )");
        for (int i = 0; i < words.length; i++) {
            tokens.add(new Told(
                    "token",
                    Json.object()
                            .put("content", words[i])
                            .put("token", words[i])
                            .put("is_complete", i == words.length - 1)));
        }
        return tokens;
    }
}
