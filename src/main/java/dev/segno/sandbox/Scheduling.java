package dev.segno.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.http.HttpMethod;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Stands in for the scheduling service: books slots for flagged vehicles and confirms bookings. With the size
 * {@code ignoreKeys} it knows no idempotency keys, as the original does not.
 */
final class Scheduling implements StandIn {

    private static final int MOST_SHOWN = 100;

    private final Fleet fleet;
    private final Bookings bookings;
    private final Set<String> withoutSlot = new TreeSet<>();
    private boolean ignoreKeys;

    Scheduling(Fleet fleet, Bookings bookings) {
        this.fleet = fleet;
        this.bookings = bookings;
    }

    @Override
    public String name() {
        return "scheduling";
    }

    @Override
    public String description() {
        return "vehicle maintenance: books and confirms slots in service centres";
    }

    @Override
    public void open(Desk desk) {
        desk.on(HttpMethod.POST, "/api/schedule_batch", Operation.work(this::schedule));
        desk.on(HttpMethod.POST, "/api/confirmBooking", Operation.work(request -> change(request, "confirmed")));
        desk.on(HttpMethod.POST, "/api/cancelBooking", Operation.work(request -> change(request, "cancelled")));
        desk.on(HttpMethod.GET, "/api/bookings", Operation.read(this::list).withoutKey());
    }

    @Override
    public boolean honoursKeys() {
        return !ignoreKeys;
    }

    @Override
    public ObjectNode sizes() {
        ObjectNode sizes = Json.object().put("ignoreKeys", ignoreKeys);
        return sizes.set("noSlot", Json.tree(withoutSlot));
    }

    @Override
    public boolean size(String name, JsonNode value) {
        switch (name) {
            case "noSlot" -> {
                withoutSlot.clear();
                value.forEach(vehicle -> withoutSlot.add(vehicle.asText()));
            }
            case "ignoreKeys" -> ignoreKeys = value.asBoolean();
            default -> {
                return false;
            }
        }
        return true;
    }

    @Override
    public ObjectNode records(boolean ids) {
        ObjectNode records = Json.object().put("bookings", bookings.all().size());
        for (String status : List.of("provisional", "confirmed", "cancelled")) {
            records.put(status, bookings.count(status));
        }
        return ids ? records.set("list", Json.tree(bookings.all())) : records;
    }

    @Override
    public void reset() {
        withoutSlot.clear();
        ignoreKeys = false;
        bookings.clear();
        fleet.reset();
    }

    @Override
    public Answer failure(int status) {
        return Answer.json(status, Json.object().put("error", "Injected fault"));
    }

    private Answer schedule(Request request) {
        List<String> vehicles = new ArrayList<>();
        request.json().path("vehicles").forEach(vehicle -> vehicles.add(vehicle.asText()));
        if (vehicles.isEmpty()) {
            return Answer.json(400, Json.object().put("error", "No vehicles provided"));
        }
        Bookings.Range range;
        try {
            JsonNode wish = request.json().path("preferred_date_range");
            range = new Bookings.Range(
                    LocalDate.parse(wish.path("start").asText()),
                    LocalDate.parse(wish.path("end").asText()));
        } catch (DateTimeParseException e) {
            return Answer.json(500, Json.object().put("error", "time data does not match format '%Y-%m-%d'"));
        }
        ArrayNode booked = Json.object().arrayNode();
        ArrayNode failed = Json.object().arrayNode();
        Set<String> seen = new HashSet<>();
        for (String vehicle : byPriority(vehicles)) {
            String refusal = bookOrRefuse(vehicle, range, booked);
            if (refusal != null && seen.add(vehicle)) {
                failed.addObject().put("vehicle_id", vehicle).put("reason", refusal);
            }
        }
        ObjectNode answer = Json.object()
                .put("success", true)
                .put("scheduled_count", booked.size())
                .put("failed_count", failed.size());
        answer.set("bookings", booked);
        return Answer.json(200, answer.set("failed_vehicles", failed));
    }

    private List<String> byPriority(List<String> vehicles) {
        return vehicles.stream()
                .sorted(Comparator.comparingDouble(this::negativeScore).thenComparing(Comparator.naturalOrder()))
                .toList();
    }

    private double negativeScore(String id) {
        Fleet.Vehicle vehicle = fleet.vehicle(id);
        Fleet.Flag flag = fleet.openFlag(id);
        return vehicle == null || flag == null ? 0 : -bookings.score(vehicle, flag);
    }

    private @Nullable String bookOrRefuse(String id, Bookings.Range range, ArrayNode booked) {
        Fleet.Vehicle vehicle = fleet.vehicle(id);
        if (vehicle == null) {
            return "unknown vehicle";
        }
        Fleet.Flag flag = fleet.openFlag(id);
        if (flag == null) {
            return "no open flag";
        }
        ObjectNode booking = withoutSlot.contains(id) ? null : bookings.book(vehicle, flag, range);
        if (booking == null) {
            return "no free slot";
        }
        booked.add(booking.deepCopy());
        return null;
    }

    private Answer change(Request request, String status) {
        String id = request.json().path("booking_id").asText();
        ObjectNode booking = bookings.find(id);
        if (booking == null) {
            return Answer.json(404, Json.object().put("error", "Booking not found"));
        }
        if (!booking.path("status").asText().equals("provisional")) {
            return Answer.json(400, Json.object().put("error", "Booking is not provisional"));
        }
        booking.put("status", status);
        if (status.equals("confirmed")) {
            booking.put("confirmed_at", bookings.now());
        } else {
            fleet.allFlags().forEach(flag -> flag.free(id));
        }
        ObjectNode answer = Json.object().put("success", true).put("message", "Booking " + status);
        return Answer.json(200, answer.set("booking", booking.deepCopy()));
    }

    /** The newest slots first. */
    private Answer list(Request request) {
        List<ObjectNode> found = bookings.all().stream()
                .filter(booking -> List.of("booking_id", "vehicle_id", "center_id", "status").stream()
                        .allMatch(field -> {
                            String wanted = request.query().get(field);
                            return wanted == null
                                    || wanted.equals(booking.path(field).asText());
                        }))
                .sorted(Comparator.comparing((ObjectNode booking) ->
                                booking.path("slot_start").asText())
                        .reversed())
                .limit(MOST_SHOWN)
                .toList();
        ObjectNode answer = Json.object().put("count", found.size());
        return Answer.json(200, answer.set("bookings", Json.tree(found)));
    }
}
