package dev.segno.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.http.HttpMethod;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Stands in for the analyzer of sensitive text: says whether a text may go to any model or to the secure ones only, and
 * summarizes it with one of those that are allowed.
 */
final class SecureAnalyzer implements StandIn {

    private static final List<String> SECURE = List.of("bedrock", "ollama");
    private static final List<String> ALL = List.of("bedrock", "ollama", "openai", "anthropic", "grok");
    private static final Map<String, Pattern> PATTERNS = patterns();
    private static final int SUMMARY_WORDS = 12;

    private static Map<String, Pattern> patterns() {
        Map<String, Pattern> patterns = new LinkedHashMap<>();
        patterns.put("ssn", Pattern.compile("\\b\\d{3}-\\d{2}-\\d{4}\\b"));
        patterns.put("card", Pattern.compile("\\b(?:\\d{4}[ -]?){3}\\d{4}\\b"));
        patterns.put("key", Pattern.compile("(?i)\\b(?:api[_-]?key|secret|token)\\s*[:=]"));
        patterns.put("password", Pattern.compile("(?i)\\bpass(?:word|wd)?\\s*[:=]"));
        return patterns;
    }

    private int summaries;

    @Override
    public String name() {
        return "secure-analyzer";
    }

    @Override
    public String description() {
        return "finds what is sensitive in a text, and summarizes it";
    }

    @Override
    public void open(Desk desk) {
        desk.on(HttpMethod.POST, "/detect", Operation.work(this::detect));
        desk.on(HttpMethod.POST, "/suggest", Operation.work(this::suggest));
        desk.on(HttpMethod.POST, "/summarize", Operation.work(this::summarize));
    }

    @Override
    public ObjectNode records(boolean ids) {
        return Json.object().put("summaries", summaries);
    }

    @Override
    public void reset() {
        summaries = 0;
    }

    private Answer detect(Request request) {
        List<String> matches = matches(request.json());
        ObjectNode answer = Json.object().put("sensitive", !matches.isEmpty());
        return Answer.json(200, answer.set("matches", Json.tree(matches)));
    }

    private Answer suggest(Request request) {
        boolean sensitive = !matches(request.json()).isEmpty();
        ObjectNode answer = Json.object().put("sensitive", sensitive);
        answer.set("allowed_models", Json.tree(sensitive ? SECURE : ALL));
        return Answer.json(
                200,
                answer.put(
                        "suggestion",
                        sensitive ? "Use a secure model only: the text is sensitive" : "Any model will do"));
    }

    private Answer summarize(Request request) {
        JsonNode wish = request.json();
        boolean override = wish.path("override_policy").asBoolean();
        boolean enforced = !override && !matches(wish).isEmpty();
        List<String> allowed = new ArrayList<>(enforced ? SECURE : ALL);
        if (wish.path("providers").isArray() && !override) {
            List<String> wanted = new ArrayList<>();
            wish.path("providers").forEach(provider -> wanted.add(provider.asText()));
            allowed.retainAll(wanted);
        }
        if (allowed.isEmpty()) {
            return Answer.error(422, "No provider", "None of the providers is allowed for this text");
        }
        summaries++;
        String[] words = wish.path("content").asText().trim().split("\\s+");
        ObjectNode answer = Json.object()
                .put("summary", String.join(" ", List.of(words).subList(0, Math.min(words.length, SUMMARY_WORDS))))
                .put("provider_used", allowed.contains("ollama") ? "ollama" : allowed.get(0))
                .put("confidence", 0.9)
                .put("word_count", words.length)
                .put("policy_enforced", enforced);
        ArrayNode topics = answer.putArray("topics_detected");
        matches(wish).forEach(topics::add);
        return Answer.json(200, answer);
    }

    private static List<String> matches(JsonNode wish) {
        String content = wish.path("content").asText();
        List<String> matches = new ArrayList<>();
        PATTERNS.forEach((name, pattern) -> {
            if (pattern.matcher(content).find()) {
                matches.add(name);
            }
        });
        wish.path("keywords").forEach(keyword -> {
            if (content.toLowerCase(Locale.ROOT).contains(keyword.asText().toLowerCase(Locale.ROOT))) {
                matches.add("keyword");
            }
        });
        return matches;
    }
}
