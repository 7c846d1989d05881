package dev.segno.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.http.HttpMethod;
import java.util.List;

/** Stands in for the list of the fleet: which vehicles are flagged, and whose they are. */
final class FleetList implements StandIn {

    private static final int USUAL_LIMIT = 100;

    private final Fleet fleet;

    FleetList(Fleet fleet) {
        this.fleet = fleet;
    }

    @Override
    public String name() {
        return "fleet";
    }

    @Override
    public String description() {
        return "vehicle maintenance: maintenance flags and owners";
    }

    @Override
    public void open(Desk desk) {
        desk.on(
                HttpMethod.GET,
                "/api/maintenance_flags",
                Operation.read(this::flags).withoutKey());
        desk.on(
                HttpMethod.GET,
                "/api/vehicles/:id",
                Operation.read(this::vehicle).withoutKey());
    }

    @Override
    public ObjectNode sizes() {
        return fleet.sizes();
    }

    @Override
    public boolean size(String name, JsonNode value) {
        return fleet.size(name, value);
    }

    @Override
    public ObjectNode records(boolean ids) {
        ArrayNode open = Json.object().arrayNode();
        fleet.openFlags()
                .forEach(flag -> open.add(flag.json().path("vehicle_id").asText()));
        ObjectNode records = Json.object().put("open", open.size());
        return ids ? records.set("flagged", open) : records;
    }

    @Override
    public void reset() {
        fleet.reset();
    }

    private Answer flags(Request request) {
        String scheduled = request.query().getOrDefault("is_scheduled", "");
        List<Fleet.Flag> found = fleet.allFlags().stream()
                .filter(flag -> scheduled.isEmpty() || scheduled.equals(String.valueOf(!flag.isOpen())))
                .toList();
        int limit = number(request, "limit", USUAL_LIMIT);
        int offset = number(request, "offset", 0);
        ObjectNode answer = Json.object().put("total", found.size());
        ArrayNode page = answer.putArray("flags");
        found.stream().skip(offset).limit(limit).forEach(flag -> page.add(fleet.json(flag)));
        return Answer.json(200, answer.put("count", page.size()));
    }

    private Answer vehicle(Request request) {
        Fleet.Vehicle vehicle = fleet.vehicle(request.parameter("id"));
        return vehicle == null
                ? Answer.error(404, "Not found", "There is no vehicle " + request.parameter("id"))
                : Answer.json(200, vehicle.json());
    }

    private static int number(Request request, String name, int usual) {
        String text = request.query().getOrDefault(name, String.valueOf(usual));
        if (!text.matches("\\d{1,6}")) {
            throw new IllegalArgumentException(name + " is a whole number");
        }
        return Integer.parseInt(text);
    }
}
