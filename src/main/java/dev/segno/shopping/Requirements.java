package dev.segno.shopping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.StreamSupport;

/**
 * What a user wants to buy, as far as it is known: put together from turn to turn, and the question that is to be put next.
 * Stateless.
 */
final class Requirements {

    private static final List<String> CONDITIONS = List.of("new", "used", "refurbished");

    private Requirements() {}

    static Map<String, ShoppingOperation> operations(ShoppingSettings settings) {
        return Map.of(
                "check-reading",
                request -> CompletableFuture.completedFuture(ShoppingReply.data(checked(request.body()))),
                "understand",
                request -> CompletableFuture.completedFuture(
                        ShoppingReply.data(understand(request.body(), settings.maxQuestions()))));
    }

    /**
     * Reads a message: {@code text} and the {@code labels} of pictures, or what a model has {@code read} in them, on top of
     * what was known {@code earlier}; {@code marketplaces} are those that are searched if none is named. Unless
     * {@code clarify} is false, or {@code rounds} questions are enough, the reply has the next {@code question}.
     *
     * @throws IllegalArgumentException when a model's reading is none
     */
    static ObjectNode understand(JsonNode body, int maxQuestions) {
        StringBuilder text = new StringBuilder(Json.text(body, "text"));
        body.path("labels")
                .forEach(label ->
                        text.append(' ').append(label.asText().replace('-', ' ').replace('_', ' ')));
        JsonNode read = body.path("read");
        ObjectNode said = Json.isGiven(read) ? checked(read) : RequirementRules.read(text.toString());
        ObjectNode spec = merged(body.path("earlier"), said, body.path("marketplaces"));
        ObjectNode reply = Json.object();
        reply.set("requirement_spec", spec);
        boolean mayAsk =
                body.path("clarify").asBoolean(true) && body.path("rounds").asInt() < maxQuestions;
        if (mayAsk && !isEnough(spec)) {
            reply.set("question", question(spec, body.path("rounds").asInt()));
        } else {
            reply.putNull("question");
        }
        return reply;
    }

    /** A product type, and anything that tells one such product from another. */
    static boolean isEnough(JsonNode spec) {
        return !Json.text(spec, "product_type").isEmpty()
                && (Json.isGiven(spec.at("/price/min"))
                        || Json.isGiven(spec.at("/price/max"))
                        || !spec.path("brand_preferences").isEmpty()
                        || Json.isGiven(spec.path("rating_min"))
                        || Json.isGiven(spec.path("condition"))
                        || !spec.path("attributes").isEmpty());
    }

    /** What a model gave as a reading, as far as it is one. */
    static ObjectNode checked(JsonNode read) {
        ObjectNode said = Json.object();
        if (!Json.text(read, "product_type").isEmpty()) {
            said.put("product_type", Json.text(read, "product_type"));
        }
        if (read.path("attributes").isObject()) {
            said.set("attributes", read.path("attributes"));
        }
        if (read.path("price").isObject()) {
            ObjectNode price = said.putObject("price");
            for (String end : List.of("min", "max")) {
                JsonNode amount = read.path("price").path(end);
                if (amount.isNumber() && amount.asDouble() >= 0) {
                    price.set(end, amount);
                }
            }
            if (Json.text(read.path("price"), "currency").matches("[A-Z]{3}")) {
                price.put("currency", Json.text(read.path("price"), "currency"));
            }
        }
        for (String list : List.of("brand_preferences", "marketplaces")) {
            List<String> texts = StreamSupport.stream(read.path(list).spliterator(), false)
                    .filter(JsonNode::isTextual)
                    .map(JsonNode::textValue)
                    .filter(text -> !list.equals("marketplaces") || Products.MARKETPLACES.contains(text))
                    .toList();
            if (!texts.isEmpty()) {
                ArrayNode array = said.putArray(list);
                texts.forEach(array::add);
            }
        }
        JsonNode rating = read.path("rating_min");
        if (rating.isNumber() && rating.asDouble() >= 0 && rating.asDouble() <= 5) {
            said.set("rating_min", rating);
        }
        if (CONDITIONS.contains(Json.text(read, "condition"))) {
            said.put("condition", Json.text(read, "condition"));
        }
        if (said.isEmpty()) {
            throw new IllegalArgumentException("The model did not answer with requirements");
        }
        return said;
    }

    /** What was said last counts; another product is another request. */
    private static ObjectNode merged(JsonNode earlier, ObjectNode said, JsonNode marketplaces) {
        String known = Json.text(earlier, "product_type");
        String named = Json.text(said, "product_type");
        boolean other = !known.isEmpty() && !named.isEmpty() && !known.equals(named) && Products.isKnown(named);
        ObjectNode spec = other || !earlier.isObject() ? blank(marketplaces) : ((ObjectNode) earlier).deepCopy();
        if (known.isEmpty() || other) {
            if (!named.isEmpty()) {
                spec.put("product_type", named);
            }
        }
        for (String field : List.of("brand_preferences", "rating_min", "condition", "marketplaces")) {
            if (said.has(field)) {
                spec.set(field, said.path(field));
            }
        }
        spec.withObject("attributes").setAll(said.withObject("attributes"));
        ObjectNode price = spec.withObject("price");
        said.path("price").properties().forEach(end -> price.set(end.getKey(), end.getValue()));
        boolean apart = price.path("min").isNumber()
                && price.path("max").isNumber()
                && price.path("min").asDouble() > price.path("max").asDouble();
        if (apart) {
            price.putNull(said.path("price").has("max") ? "min" : "max");
        }
        return spec;
    }

    private static ObjectNode blank(JsonNode marketplaces) {
        ObjectNode spec = Json.object().putNull("product_type");
        spec.putObject("attributes");
        spec.putObject("filters");
        spec.putObject("price").putNull("min").putNull("max").put("currency", "USD");
        spec.putArray("brand_preferences");
        spec.putNull("rating_min").putNull("condition");
        if (marketplaces.isArray() && !marketplaces.isEmpty()) {
            spec.set("marketplaces", marketplaces);
        } else {
            ArrayNode all = spec.putArray("marketplaces");
            Products.MARKETPLACES.forEach(all::add);
        }
        return spec;
    }

    private static ObjectNode question(JsonNode spec, int rounds) {
        String product = Json.text(spec, "product_type");
        if (product.isEmpty()) {
            return question(
                    "What kind of product are you looking for?",
                    "product type missing",
                    List.of("a laptop", "headphones", "running shoes"));
        }
        return rounds == 0
                ? question("What is your budget?", "price missing", List.of("under 500", "500-1000"))
                : question(
                        "Is there a brand or a feature that matters to you?",
                        "brand or feature missing",
                        List.of("at least 4 stars", "new", "from Sony"));
    }

    private static ObjectNode question(String question, String context, List<String> suggestions) {
        ObjectNode asked = Json.object().put("question", question);
        ArrayNode all = asked.putArray("suggestions");
        suggestions.forEach(all::add);
        return asked.put("context", context);
    }
}
