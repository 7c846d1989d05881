package dev.segno.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.http.HttpMethod;

/**
 * Stands in for the REST interface of the database that holds the product table, as far as counting needs it:
 * {@code GET} or {@code HEAD /rest/v1/TABLE} with {@code Prefer: count=exact} tells the number of rows in
 * {@code Content-Range}, and answers 206 when it does not show them all. All tables are the one that the maintainer writes.
 */
final class ProductTable implements StandIn {

    private static final int MOST_ROWS_IN_ANSWER = 1000;

    private final ProductRows rows;

    ProductTable(ProductRows rows) {
        this.rows = rows;
    }

    @Override
    public String name() {
        return "product-table";
    }

    @Override
    public String description() {
        return "product sync: row count of the product table";
    }

    @Override
    public void open(Desk desk) {
        Operation select = Operation.read(this::select).withoutKey();
        desk.on(HttpMethod.GET, "/rest/v1/:table", select);
        desk.on(HttpMethod.HEAD, "/rest/v1/:table", select);
    }

    @Override
    public ObjectNode sizes() {
        return Json.object();
    }

    @Override
    public boolean size(String name, JsonNode value) {
        return false;
    }

    @Override
    public ObjectNode records(boolean ids) {
        return rows.json(ids);
    }

    /** Nothing of its own to forget: the rows are the maintainer's. */
    @Override
    public void reset() {}

    private Answer select(Request request) {
        if (request.header("apikey") == null) {
            return Answer.error(401, "Unauthorized", "No API key found in request");
        }
        int count = rows.count();
        int wanted = Integer.parseInt(request.query().getOrDefault("limit", String.valueOf(MOST_ROWS_IN_ANSWER)));
        int shown = Math.min(Math.max(0, Math.min(wanted, MOST_ROWS_IN_ANSWER)), count);
        ArrayNode body = Json.object().arrayNode();
        for (int product = 0; product < shown; product++) {
            body.addObject().put("id", ProductRows.id(product));
        }
        String prefer = request.header("prefer");
        boolean counted = prefer != null && prefer.contains("count=exact");
        String total = counted ? String.valueOf(count) : "*";
        String range = shown == 0 ? "*" : "0-" + (shown - 1);
        return Answer.json(counted && shown < count ? 206 : 200, body).withHeader("Content-Range", range + "/" + total);
    }
}
