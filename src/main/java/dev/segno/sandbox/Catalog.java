package dev.segno.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.http.HttpMethod;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Stands in for the product catalog: 100,000 products in five marketplaces, all made from their numbers, so that each
 * search finds the same. What a requirement says of product, price, brand, rating, condition and color is honoured.
 */
final class Catalog implements StandIn {

    private static final int MOST = 100;
    private static final int DEFAULT_LEAST_MS = 50;
    private static final int DEFAULT_MOST_MS = 400;

    private final MadeProducts products = new MadeProducts();
    private int leastMs = DEFAULT_LEAST_MS;
    private int mostMs = DEFAULT_MOST_MS;
    private int searches;
    private int details;

    @Override
    public String name() {
        return "catalog-service";
    }

    @Override
    public String description() {
        return "shopping: searches 100,000 products of five marketplaces";
    }

    @Override
    public void open(Desk desk) {
        Operation search = new Operation(Operation.Kind.WORK, true, this::time, Operation.Work.of(this::search));
        for (String path : List.of("/search", "/api/v1/search", "/api/v1/search/orchestrator")) {
            desk.on(HttpMethod.POST, path, search);
        }
        for (String prefix : List.of("", "/api/v1")) {
            desk.on(
                    HttpMethod.GET,
                    prefix + "/products/:id",
                    Operation.read(this::detail).withoutKey());
        }
    }

    @Override
    public ObjectNode sizes() {
        return Json.object()
                .put("products", products.count())
                .put("leastMs", leastMs)
                .put("mostMs", mostMs);
    }

    @Override
    public boolean size(String name, JsonNode value) {
        switch (name) {
            case "products" -> products.count(Sizes.whole(name, value, 0, 1_000_000));
            case "leastMs" -> leastMs = Sizes.whole(name, value, 0, 60_000);
            case "mostMs" -> mostMs = Sizes.whole(name, value, 0, 60_000);
            default -> {
                return false;
            }
        }
        return true;
    }

    @Override
    public ObjectNode records(boolean ids) {
        return Json.object().put("searches", searches).put("details", details);
    }

    @Override
    public void reset() {
        products.count(MadeProducts.USUAL);
        leastMs = DEFAULT_LEAST_MS;
        mostMs = DEFAULT_MOST_MS;
        searches = 0;
        details = 0;
    }

    /** Not always the same, but the same for the same request. */
    private Duration time(Request request) {
        int span = Math.max(0, mostMs - leastMs) + 1;
        return Duration.ofMillis(
                leastMs + Math.floorMod(request.json().toString().hashCode(), span));
    }

    private Answer search(Request request) {
        JsonNode spec = request.json().path("requirement_spec");
        if (!spec.isObject()) {
            return Answer.error(422, "Unprocessable", "requirement_spec is required");
        }
        searches++;
        int limit = Math.min(MOST, Math.max(0, request.json().path("limit").asInt(20)));
        List<String> markets = new ArrayList<>();
        request.json()
                .path("marketplaces")
                .forEach(market -> markets.add(market.asText().toLowerCase(Locale.ROOT)));
        int total = 0;
        ArrayNode found = Json.object().arrayNode();
        for (int number : products.ofType(spec.path("product_type").asText(""))) {
            MadeProducts.Product product = products.product(number);
            if ((markets.isEmpty() || markets.contains(product.marketplace())) && product.fits(spec)) {
                total++;
                if (found.size() < limit) {
                    found.add(product.json());
                }
            }
        }
        ObjectNode answer = Json.object().put("query", spec.path("product_type").asText(""));
        answer.put("total_results", total)
                .put("total_count", total)
                .put("page", 1)
                .put("size", limit);
        answer.set("products", found);
        answer.set("marketplaces_searched", Json.tree(markets.isEmpty() ? MadeProducts.MARKETPLACES : markets));
        return Answer.json(200, answer);
    }

    private Answer detail(Request request) {
        details++;
        return products.find(request.parameter("id"))
                .map(product -> Answer.json(200, product.detail()))
                .orElseGet(() -> Answer.error(404, "Not found", "There is no such product"));
    }
}
