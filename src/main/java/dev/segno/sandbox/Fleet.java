package dev.segno.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * The fleet that three stand-ins share, as one database file did: vehicles with their owners, maintenance flags and service
 * centres. What is left to chance comes from a seed. The first vehicles are the flagged ones.
 */
final class Fleet {

    private static final int DEMO_VEHICLES = 50;
    private static final int DEMO_FLAGS = 15;
    private static final int DEMO_SEED = 1;
    private static final List<String> TIERS = List.of("standard", "premium", "fleet");
    private static final List<String> RISKS = List.of("brake_wear", "battery_health", "engine_temperature");

    /** @param tier {@code fleet}, {@code premium} or {@code standard} */
    record Vehicle(String id, String tier, String owner) {

        String contact() {
            return "+91-90000" + String.format(Locale.ROOT, "%05d", number());
        }

        String email() {
            return "c" + number() + "@example.com";
        }

        private int number() {
            return Integer.parseInt(id.substring(1));
        }

        ObjectNode json() {
            return Json.object()
                    .put("vehicle_id", id)
                    .put("tier", tier)
                    .put("owner_name", owner)
                    .put("owner_contact", contact())
                    .put("owner_email", email());
        }
    }

    /** A flag, open until a booking takes it. */
    static final class Flag {
        private final String id;
        private final String vehicle;
        private final int severity;
        private final String risk;
        private final Instant since;
        private @Nullable String booking;

        Flag(String id, String vehicle, int severity, String risk, Instant since) {
            this.id = id;
            this.vehicle = vehicle;
            this.severity = severity;
            this.risk = risk;
            this.since = since;
        }

        int severity() {
            return severity;
        }

        long daysWaiting(Instant now) {
            return Duration.between(since, now).toDays();
        }

        boolean isOpen() {
            return booking == null;
        }

        void take(String bookingId) {
            booking = bookingId;
        }

        /** Opens the flag again if this booking took it. */
        void free(String bookingId) {
            if (bookingId.equals(booking)) {
                booking = null;
            }
        }

        ObjectNode json() {
            ObjectNode json = Json.object()
                    .put("flag_id", id)
                    .put("vehicle_id", vehicle)
                    .put("severity_score", severity)
                    .put("is_scheduled", booking != null)
                    .put("scheduled_booking_id", booking)
                    .put("flagged_at", since.toString())
                    .putNull("resolved_at");
            json.putArray("risk_factors").add(risk);
            return json;
        }
    }

    /** @param opens, closes minutes since midnight */
    record Centre(String id, String name, String region, int bays, int opens, int closes, int technicians) {}

    /** Bays and hours as in the original's database. */
    static final List<Centre> CENTRES = List.of(
            new Centre("SC001", "Centre North", "north", 15, 8 * 60, 20 * 60, 4),
            new Centre("SC002", "Centre South", "south", 12, 9 * 60, 19 * 60, 4),
            new Centre("SC003", "Centre West", "west", 20, 8 * 60, 21 * 60, 4),
            new Centre("SC004", "Centre East", "east", 10, 8 * 60 + 30, 18 * 60 + 30, 3),
            new Centre("SC005", "Centre Middle", "central", 8, 9 * 60, 18 * 60, 2));

    private final Clock clock;
    private final Map<String, Vehicle> vehicles = new LinkedHashMap<>();
    private final Map<String, List<Flag>> flags = new LinkedHashMap<>();
    private int flagsMade;
    private Random chance = new Random(DEMO_SEED);
    private int size = DEMO_VEHICLES;
    private int flagged = DEMO_FLAGS;
    private int seed = DEMO_SEED;

    Fleet(Clock clock) {
        this.clock = clock;
        fill();
    }

    ObjectNode sizes() {
        return Json.object().put("vehicles", size).put("flags", flagged).put("seed", seed);
    }

    boolean size(String name, JsonNode value) {
        switch (name) {
            case "vehicles" -> size = Sizes.whole(name, value, 0, 100_000);
            case "flags" -> flagged = Sizes.whole(name, value, 0, 100_000);
            case "seed" -> seed = Sizes.whole(name, value, 0, Integer.MAX_VALUE);
            case "flag" -> {
                // One more flag, on any vehicle, also on one that there is not.
                add(value.asText());
                return true;
            }
            default -> {
                return false;
            }
        }
        fill();
        return true;
    }

    void reset() {
        size = DEMO_VEHICLES;
        flagged = DEMO_FLAGS;
        seed = DEMO_SEED;
        fill();
    }

    Random chance() {
        return chance;
    }

    @Nullable
    Vehicle vehicle(String id) {
        return vehicles.get(id);
    }

    List<Flag> openFlags() {
        return flags.values().stream()
                .flatMap(List::stream)
                .filter(Flag::isOpen)
                .toList();
    }

    List<Flag> allFlags() {
        return flags.values().stream().flatMap(List::stream).toList();
    }

    /** The first open flag of a vehicle. */
    @Nullable
    Flag openFlag(String vehicle) {
        return flags.getOrDefault(vehicle, List.of()).stream()
                .filter(Flag::isOpen)
                .findFirst()
                .orElse(null);
    }

    /** The flag with what is known of its vehicle. */
    ObjectNode json(Flag flag) {
        ObjectNode json = flag.json();
        Vehicle vehicle = vehicles.get(flag.vehicle);
        return vehicle == null ? json : json.setAll(vehicle.json());
    }

    private void fill() {
        chance = new Random(seed);
        vehicles.clear();
        flags.clear();
        flagsMade = 0;
        for (int n = 1; n <= size; n++) {
            String id = String.format(Locale.ROOT, "V%03d", n);
            vehicles.put(id, new Vehicle(id, TIERS.get(chance.nextInt(TIERS.size())), "Customer " + n));
        }
        vehicles.keySet().stream().limit(flagged).toList().forEach(this::add);
    }

    private void add(String vehicle) {
        flagsMade++;
        flags.computeIfAbsent(vehicle, first -> new ArrayList<>())
                .add(new Flag(
                        "F" + flagsMade,
                        vehicle,
                        40 + chance.nextInt(60),
                        RISKS.get(chance.nextInt(RISKS.size())),
                        clock.instant().minus(Duration.ofDays(chance.nextInt(10)))));
    }
}
