package dev.segno.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.http.HttpMethod;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Stands in for a language model behind the usual interface for chats. It reads the words "model says PRODUCT under PRICE" in
 * what it is given and answers with them as JSON; asked anything else, it answers with a sentence.
 */
final class LanguageModel implements StandIn {

    private static final Pattern SAYS = Pattern.compile("model says ([a-z ]+?) under (\\d+)");

    private int asked;

    @Override
    public String name() {
        return "language-model";
    }

    @Override
    public String description() {
        return "shopping: a language model that reads 'model says PRODUCT under PRICE'";
    }

    @Override
    public void open(Desk desk) {
        desk.on(HttpMethod.POST, "/v1/chat/completions", Operation.work(this::answer));
    }

    @Override
    public ObjectNode records(boolean ids) {
        return Json.object().put("asked", asked);
    }

    @Override
    public void reset() {
        asked = 0;
    }

    private Answer answer(Request request) {
        asked++;
        String given = "";
        for (JsonNode message : request.json().path("messages")) {
            given = message.path("content").asText();
        }
        Matcher says = SAYS.matcher(given);
        String content = "I am not sure what you mean.";
        if (says.find()) {
            ObjectNode read = Json.object().put("product_type", says.group(1));
            read.putObject("price").put("max", Integer.parseInt(says.group(2)));
            content = read.toString();
        }
        ObjectNode answer = Json.object();
        answer.putArray("choices")
                .addObject()
                .putObject("message")
                .put("role", "assistant")
                .put("content", content);
        return Answer.json(200, answer);
    }
}
