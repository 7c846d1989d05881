package dev.segno.shopping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Leaves out products that are not what was asked for, and puts the others in order: a low price counts 0.4, a high rating
 * 0.6, each between the lowest and the highest of the products. Those without a price come last. Stateless.
 */
final class Ranking {

    private static final double PRICE_WEIGHT = 0.4;
    private static final double RATING_WEIGHT = 0.6;

    /** Products that are shown. */
    private static final int MOST = 10;

    private static final List<String> FIELDS = List.of(
            "product_id",
            "marketplace",
            "title",
            "price",
            "currency",
            "rating",
            "review_count",
            "availability",
            "image_url",
            "deep_link",
            "marketplace_url",
            "seller_name");

    private Ranking() {}

    static Map<String, ShoppingOperation> operations() {
        return Map.of(
                "match",
                request -> CompletableFuture.completedFuture(ShoppingReply.data(matching(request.body()))),
                "rank",
                request -> CompletableFuture.completedFuture(ShoppingReply.data(ranked(request.body()))),
                "check-rank",
                request -> CompletableFuture.completedFuture(ShoppingReply.data(checked(request.body()))));
    }

    /** Those of {@code products} that {@code requirement_spec} allows, each once. */
    static ArrayNode matching(JsonNode body) {
        JsonNode spec = body.path("requirement_spec");
        ArrayNode matching = Json.array();
        List<String> seen = new ArrayList<>();
        for (JsonNode product : body.path("products")) {
            String id = product.path("product_id").asText();
            if (!id.isEmpty() && !seen.contains(id) && fits(product, spec)) {
                seen.add(id);
                matching.add(shaped(product));
            }
        }
        return matching;
    }

    /** The ten best of {@code products}, each with why it stands where it does. */
    static ArrayNode ranked(JsonNode body) {
        Span prices = Span.of(body.path("products"), "price");
        Span ratings = Span.of(body.path("products"), "rating");
        record Scored(ObjectNode product, boolean priced, double score) {}
        List<Scored> scored = new ArrayList<>();
        for (JsonNode product : body.path("products")) {
            boolean priced = product.path("price").isNumber();
            double price = priced ? 1 - prices.share(product.path("price").asDouble()) : 0;
            double rating = product.path("rating").isNumber()
                    ? ratings.share(product.path("rating").asDouble())
                    : 0;
            scored.add(new Scored(product.deepCopy(), priced, PRICE_WEIGHT * price + RATING_WEIGHT * rating));
        }
        scored.sort(Comparator.comparing(Scored::priced)
                .thenComparingDouble(Scored::score)
                .thenComparingInt(
                        (Scored one) -> one.product().path("review_count").asInt())
                .reversed()
                .thenComparing(one -> one.product().path("product_id").asText()));
        ArrayNode ranked = Json.array();
        scored.stream().limit(MOST).forEach(one -> ranked.add(one.product().put("why_ranked", why(one.product()))));
        return ranked;
    }

    /**
     * The order that a service gave to {@code products}, in {@code ranked}.
     *
     * @throws IllegalArgumentException when it holds other products, or none
     */
    static ArrayNode checked(JsonNode body) {
        ArrayNode order = Json.array();
        for (JsonNode chosen : body.path("ranked")) {
            JsonNode known =
                    find(body.path("products"), chosen.path("product_id").asText());
            String why = Json.text(chosen, "why_ranked");
            if (order.size() < MOST) {
                order.add(((ObjectNode) known.deepCopy()).put("why_ranked", why.isEmpty() ? why(known) : why));
            }
        }
        if (order.isEmpty() && !body.path("products").isEmpty()) {
            throw new IllegalArgumentException("The service ranked nothing");
        }
        return order;
    }

    private static JsonNode find(JsonNode products, String id) {
        for (JsonNode product : products) {
            if (product.path("product_id").asText().equals(id)) {
                return product;
            }
        }
        throw new IllegalArgumentException("The service ranked a product that it was not given: " + id);
    }

    private static boolean fits(JsonNode product, JsonNode spec) {
        JsonNode min = spec.at("/price/min");
        JsonNode max = spec.at("/price/max");
        JsonNode price = product.path("price");
        if ((min.isNumber() || max.isNumber()) && !price.isNumber()) {
            return false;
        }
        if ((min.isNumber() && price.asDouble() < min.asDouble())
                || (max.isNumber() && price.asDouble() > max.asDouble())) {
            return false;
        }
        JsonNode rating = spec.path("rating_min");
        if (rating.isNumber() && product.path("rating").asDouble(-1) < rating.asDouble()) {
            return false;
        }
        return isOfBrand(product, spec.path("brand_preferences"));
    }

    private static boolean isOfBrand(JsonNode product, JsonNode brands) {
        String said = (product.at("/attributes/brand").asText() + " "
                        + product.path("brand").asText() + " "
                        + product.path("title").asText())
                .toLowerCase(Locale.ROOT);
        for (JsonNode brand : brands) {
            if (said.contains(brand.asText().toLowerCase(Locale.ROOT))) {
                return true;
            }
        }
        return brands.isEmpty();
    }

    private static ObjectNode shaped(JsonNode product) {
        ObjectNode shaped = Json.object();
        for (String field : FIELDS) {
            shaped.set(field, product.has(field) ? product.path(field) : shaped.nullNode());
        }
        shaped.set("attributes", product.path("attributes").isObject() ? product.path("attributes") : Json.object());
        return shaped;
    }

    private static String why(JsonNode product) {
        String price = product.path("price").isNumber()
                ? product.path("price").asText() + " "
                        + product.path("currency").asText("USD")
                : "no price is known";
        String rating = product.path("rating").isNumber()
                ? "rated " + product.path("rating").asText() + " by "
                        + product.path("review_count").asInt()
                : "not rated yet";
        return price + ", " + rating;
    }

    /** From the lowest to the highest of a field. */
    private record Span(double low, double high) {

        static Span of(JsonNode products, String field) {
            double low = Double.MAX_VALUE;
            double high = -Double.MAX_VALUE;
            for (JsonNode product : products) {
                if (product.path(field).isNumber()) {
                    low = Math.min(low, product.path(field).asDouble());
                    high = Math.max(high, product.path(field).asDouble());
                }
            }
            return new Span(low, high);
        }

        /** Where a value lies between them, from 0 to 1; all alike are 1. */
        double share(double value) {
            return high > low ? (value - low) / (high - low) : 1;
        }
    }
}
