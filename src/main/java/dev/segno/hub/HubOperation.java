package dev.segno.hub;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The four operations of the service hub. */
enum HubOperation {
    USER_ONBOARDING("user-onboarding", "user_onboarding", Map.of("email", "email")),
    DOCUMENT_AI(
            "document-ai", "document_ai_processing", Map.of("document_id", "documentId", "workflow_id", "workflowId")),
    SEARCH_AND_TRIGGER("search-and-trigger", "search_and_trigger", Map.of("query", "query")),
    COLLABORATION("collaboration", "collaboration_setup", Map.of("document_id", "documentId"));

    /** An address in a text: its first letter, what nobody is to see, and its domain. */
    private static final Pattern ADDRESS =
            Pattern.compile("([^\\s@<>\"'(),;:])[^\\s@<>\"'(),;:]{0,63}(@[^\\s@<>\"'(),;:]+)");

    private final String orchestration;
    private final String word;
    private final Map<String, String> shown;

    /**
     * @param orchestration what carries it out
     * @param word          what clients call it
     * @param shown         fields of its input that its first event shows, and under which names
     */
    HubOperation(String orchestration, String word, Map<String, String> shown) {
        this.orchestration = orchestration;
        this.word = word;
        this.shown = shown;
    }

    static Optional<HubOperation> of(String orchestration) {
        return Arrays.stream(values())
                .filter(operation -> operation.orchestration.equals(orchestration))
                .findFirst();
    }

    String orchestration() {
        return orchestration;
    }

    String word() {
        return word;
    }

    /** A text that may be told: of each e-mail address in it the first letter and the domain. */
    static String masked(String text) {
        return ADDRESS.matcher(text).replaceAll("$1***$2");
    }

    /** What the event of its start tells of its input. */
    Map<String, @Nullable Object> shownOf(Map<String, @Nullable Object> input) {
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        data.put("operation", word);
        shown.forEach((field, name) -> {
            data.put(name, masked(String.valueOf(input.get(field))));
        });
        return data;
    }
}
