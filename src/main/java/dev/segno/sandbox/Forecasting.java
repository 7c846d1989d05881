package dev.segno.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.segno.sandbox.Fleet.Centre;
import io.vertx.core.http.HttpMethod;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Stands in for the forecasting service: a forecast for each region, and how full the service centres are. The size
 * {@code utilisation} makes a centre as full as it says, in percent.
 */
final class Forecasting implements StandIn {

    private static final int HOURS = 10;
    private static final int DAYS = 7;

    private final Bookings bookings;
    private final Clock clock;
    private final Map<String, Double> utilisation = new LinkedHashMap<>();
    private int forecasts;
    private int feedback;

    Forecasting(Bookings bookings, Clock clock) {
        this.bookings = bookings;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "forecasting";
    }

    @Override
    public String description() {
        return "vehicle maintenance: demand forecasts and capacity of service centres";
    }

    @Override
    public void open(Desk desk) {
        desk.on(HttpMethod.POST, "/api/forecast/generate", Operation.work(this::generate));
        desk.on(
                HttpMethod.GET,
                "/api/forecast/capacity",
                Operation.read(request -> capacity()).withoutKey());
        desk.on(HttpMethod.POST, "/api/forecast/feedback", Operation.work(this::learn));
    }

    @Override
    public ObjectNode sizes() {
        ObjectNode sizes = Json.object();
        return sizes.set("utilisation", Json.tree(utilisation));
    }

    @Override
    public boolean size(String name, JsonNode value) {
        if (!name.equals("utilisation")) {
            return false;
        }
        utilisation.clear();
        value.properties()
                .forEach(centre ->
                        utilisation.put(centre.getKey(), centre.getValue().asDouble()));
        return true;
    }

    @Override
    public ObjectNode records(boolean ids) {
        return Json.object().put("forecasts", forecasts).put("feedback", feedback);
    }

    @Override
    public void reset() {
        utilisation.clear();
        forecasts = 0;
        feedback = 0;
    }

    private Answer generate(Request request) {
        int days = request.json().path("forecast_days").asInt(DAYS);
        Instant now = clock.instant();
        ObjectNode answer = Json.object().put("success", true).put("generated_at", now.toString());
        ArrayNode list = answer.putArray("forecasts");
        for (Centre centre : Fleet.CENTRES) {
            long past = bookings.ofCentre(centre.id());
            list.addObject()
                    .put("region", centre.region())
                    .put("window_start", now.toString())
                    .put("window_end", now.plus(Duration.ofDays(days)).toString())
                    .put("estimated_requests", 3L * days + past)
                    .put("confidence_level", past >= 20 ? 0.85 : past >= 10 ? 0.70 : 0.50)
                    .put("capacity_utilization", percent(centre) / 100)
                    .put("predicted_flags", days + 1)
                    .putObject("historical_data")
                    .put("avg_daily_demand", 3.0)
                    .put("trend", "stable")
                    .put("total_capacity", centre.bays())
                    .put("historical_bookings", past);
            forecasts++;
        }
        return Answer.json(200, answer);
    }

    private Answer capacity() {
        ObjectNode answer = Json.object().put("timestamp", clock.instant().toString());
        ArrayNode list = answer.putArray("capacity_forecast");
        for (Centre centre : Fleet.CENTRES) {
            double percent = percent(centre);
            list.addObject()
                    .put("center_id", centre.id())
                    .put("name", centre.name())
                    .put("region", centre.region())
                    .put("capacity_bays", centre.bays())
                    .put("current_bookings", Math.round(percent * room(centre) / 100))
                    .put("utilization_percent", percent)
                    .put("status", percent > 80 ? "high" : percent > 50 ? "medium" : "low");
        }
        return Answer.json(200, answer);
    }

    private Answer learn(Request request) {
        double share = request.json().path("capacity_utilization").asDouble();
        feedback++;
        return Answer.json(
                200,
                Json.object()
                        .put("success", true)
                        .put("region", request.json().path("region").asText())
                        .put("adjustment", share > 0.9 ? 0.1 : share < 0.5 ? -0.1 : 0)
                        .put("message", "Feedback noted"));
    }

    private double percent(Centre centre) {
        Double fixed = utilisation.get(centre.id());
        return fixed == null ? Math.round(1000.0 * bookings.ofCentre(centre.id()) / room(centre)) / 10.0 : fixed;
    }

    private static double room(Centre centre) {
        return (double) centre.bays() * HOURS * DAYS;
    }
}
