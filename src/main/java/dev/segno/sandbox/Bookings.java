package dev.segno.sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.segno.sandbox.Fleet.Centre;
import java.time.Clock;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The bookings of the fleet, in slots of an hour. A slot of a centre is free while it has fewer bookings than bays. Times are
 * UTC and written without a zone, as the original does.
 */
final class Bookings {

    private static final int SLOT_MINUTES = 60;

    private final Fleet fleet;
    private final Clock clock;
    private final Map<String, ObjectNode> byId = new LinkedHashMap<>();
    private final Map<String, Integer> taken = new HashMap<>();

    Bookings(Fleet fleet, Clock clock) {
        this.fleet = fleet;
        this.clock = clock;
    }

    /** Days of which the last one does not count. */
    record Range(LocalDate start, LocalDate end) {}

    void clear() {
        byId.clear();
        taken.clear();
    }

    List<ObjectNode> all() {
        return new ArrayList<>(byId.values());
    }

    @Nullable
    ObjectNode find(String id) {
        return byId.get(id);
    }

    long count(String status) {
        return byId.values().stream()
                .filter(booking -> booking.path("status").asText().equals(status))
                .count();
    }

    /** Bookings of a centre that are not cancelled. */
    long ofCentre(String centre) {
        return byId.values().stream()
                .filter(booking -> booking.path("center_id").asText().equals(centre)
                        && !booking.path("status").asText().equals("cancelled"))
                .count();
    }

    /** Books the first free slot of some centre for a vehicle; null if there is none. */
    @Nullable
    ObjectNode book(Fleet.Vehicle vehicle, Fleet.Flag flag, Range range) {
        List<Centre> centres = new ArrayList<>(Fleet.CENTRES);
        Collections.shuffle(centres, fleet.chance());
        for (Centre centre : centres) {
            for (LocalDate day = range.start(); day.isBefore(range.end()); day = day.plusDays(1)) {
                for (int at = centre.opens(); at + SLOT_MINUTES <= centre.closes(); at += SLOT_MINUTES) {
                    LocalDateTime slot = day.atStartOfDay().plusMinutes(at);
                    int there = taken.getOrDefault(key(centre, slot), 0);
                    if (there < centre.bays()) {
                        taken.put(key(centre, slot), there + 1);
                        return add(vehicle, flag, centre, slot);
                    }
                }
            }
        }
        return null;
    }

    private ObjectNode add(Fleet.Vehicle vehicle, Fleet.Flag flag, Centre centre, LocalDateTime slot) {
        double score = score(vehicle, flag);
        String id;
        do {
            id = String.format(Locale.ROOT, "BKG-%08X", fleet.chance().nextInt());
        } while (byId.containsKey(id));
        ObjectNode booking = Json.object()
                .put("booking_id", id)
                .put("vehicle_id", vehicle.id())
                .put("center_id", centre.id())
                .put("tech_id", "T" + centre.id().substring(2) + "-" + (1 + byId.size() % centre.technicians()))
                .put("slot_start", text(slot))
                .put("slot_end", text(slot.plusMinutes(SLOT_MINUTES)))
                .put("status", "provisional")
                .put("priority_score", score)
                .put("severity_level", level(score))
                .put("service_type", "general_inspection")
                .put("estimated_duration_minutes", SLOT_MINUTES)
                .putNull("notes")
                .put("created_at", now())
                .putNull("confirmed_at")
                .putNull("completed_at");
        byId.put(id, booking);
        flag.take(id);
        return booking;
    }

    /** As the original counts: who has waited longer comes later. */
    double score(Fleet.Vehicle vehicle, Fleet.Flag flag) {
        int tier = switch (vehicle.tier()) {
            case "fleet" -> 30;
            case "premium" -> 20;
            default -> 10;
        };
        double score = 0.40 * flag.severity() + 0.20 * tier + 0.25 * 75 - 0.15 * 5 * flag.daysWaiting(clock.instant());
        return Math.round(score * 100) / 100.0;
    }

    private static String level(double score) {
        return score >= 80 ? "critical" : score >= 60 ? "high" : score >= 40 ? "medium" : "low";
    }

    String now() {
        return text(LocalDateTime.ofInstant(clock.instant(), ZoneOffset.UTC));
    }

    private static String text(LocalDateTime time) {
        return time.truncatedTo(ChronoUnit.SECONDS).format(java.time.format.DateTimeFormatter.ISO_LOCAL_DATE_TIME);
    }

    private static String key(Centre centre, LocalDateTime slot) {
        return centre.id() + ' ' + slot;
    }
}
