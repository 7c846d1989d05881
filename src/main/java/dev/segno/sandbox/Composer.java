package dev.segno.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.http.HttpMethod;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Stands in for the service that puts products in order, the best rated first, and finds words for them. */
final class Composer implements StandIn {

    private int ranked;
    private int composed;

    @Override
    public String name() {
        return "response-composer";
    }

    @Override
    public String description() {
        return "shopping: ranks products and words the answer";
    }

    @Override
    public void open(Desk desk) {
        for (String prefix : List.of("", "/api/v1")) {
            desk.on(HttpMethod.POST, prefix + "/rank", Operation.work(this::rank));
            desk.on(HttpMethod.POST, prefix + "/compose", Operation.work(this::compose));
        }
    }

    @Override
    public ObjectNode records(boolean ids) {
        return Json.object().put("ranked", ranked).put("composed", composed);
    }

    @Override
    public void reset() {
        ranked = 0;
        composed = 0;
    }

    private Answer rank(Request request) {
        ranked++;
        List<JsonNode> products = new ArrayList<>();
        request.json().path("products").forEach(products::add);
        products.sort(Comparator.comparingDouble(
                        (JsonNode product) -> product.path("rating").asDouble(0))
                .reversed()
                .thenComparingDouble(product -> product.path("price").asDouble(Double.MAX_VALUE))
                .thenComparing(product -> product.path("product_id").asText()));
        ObjectNode answer = Json.object();
        ArrayNode order = answer.putArray("products");
        products.stream()
                .limit(request.json().path("limit").asInt(10))
                .forEach(product -> order.add(((ObjectNode) product.deepCopy()).put("why_ranked", "well rated")));
        return Answer.json(200, answer);
    }

    private Answer compose(Request request) {
        composed++;
        String type = request.json().at("/requirement_spec/product_type").asText("product");
        int shown = request.json().path("products").size();
        return Answer.json(
                200,
                Json.object()
                        .put(
                                "message",
                                "Here are " + shown + " of "
                                        + request.json().path("total_count").asInt() + ": " + type));
    }
}
