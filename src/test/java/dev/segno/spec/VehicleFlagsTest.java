package dev.segno.spec;

import static net.javacrumbs.jsonunit.assertj.JsonAssertions.assertThatJson;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.segno.Application;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Where the flagged vehicles of the vehicle maintenance come from: its service, or an existing database. */
class VehicleFlagsTest extends VehicleMaintenanceSpec {

    @Test
    void flagsAndOwnersCanComeFromAnExistingDatabase() throws Exception {
        String url = "jdbc:sqlite:" + directory.resolve("fleet.db");
        try (Connection fleet = DriverManager.getConnection(url);
                Statement statement = fleet.createStatement()) {
            statement.executeUpdate("CREATE TABLE vehicles (vehicle_id TEXT, owner_name TEXT, owner_contact TEXT,"
                    + " owner_email TEXT)");
            statement.executeUpdate(
                    "CREATE TABLE maintenance_flags (flag_id INTEGER, vehicle_id TEXT,"
                            + " severity_score REAL, risk_factors TEXT, flagged_at TEXT, is_scheduled INTEGER, resolved_at TEXT)");
            statement.executeUpdate("INSERT INTO vehicles VALUES ('V001', 'Ada', '+91-1', 'ada@example.com'),"
                    + " ('V002', 'Grace', '+91-2', 'grace@example.com')");
            statement.executeUpdate("INSERT INTO maintenance_flags VALUES"
                    + " (1, 'V001', 40, '[\"brakes\"]', '2026-11-01', 0, NULL), (2, 'V002', 90, 'oil', '2026-11-01', 0, NULL),"
                    + " (3, 'V001', 60, NULL, '2026-11-02', 0, NULL), (4, 'V003', 99, NULL, '2026-11-02', 1, NULL)");
        }
        Map<String, String> settings = settings();
        settings.remove("FLEET_URL");
        settings.put("FLEET_DB_URL", url);
        try (Application onDatabase = start("database", settings)) {
            JsonClient client = ServedPackage.client(onDatabase);
            assertThatJson(client.get("/api/flagged_vehicles").body().path("vehicles"))
                    .isEqualTo("[{vehicle_id: 'V002', flag_id: 2, severity_score: 90.0, severity_level: 'critical',"
                            + " risk_factors: ['oil'], flagged_at: '2026-11-01', owner_name: 'Grace'},"
                            + " {vehicle_id: 'V001', flag_id: 3, severity_score: 60.0, severity_level: 'high',"
                            + " risk_factors: null, flagged_at: '2026-11-02', owner_name: 'Ada'}]");

            JsonNode cycle = client.post(FULL, CONFIRMED).body();
            assertThat(step(cycle, "scheduling").path("scheduled_count").asInt())
                    .as(cycle.toString())
                    .isEqualTo(2);
            assertThat(mails())
                    .extracting(mail -> mail.getAllRecipients()[0].toString())
                    .containsExactlyInAnyOrder("ada@example.com", "grace@example.com");

            String booking = bookings().at("/list/0/booking_id").asText();
            assertThat(client.post("/api/notifications/send", "{\"booking_id\":\"" + booking + "\"}")
                            .status())
                    .isEqualTo(200);
            assertThat(mails()).hasSize(3);
        }
    }

    @Test
    void flaggedVehiclesAreListedTheMostSevereFirst() throws Exception {
        JsonNode list = http.get("/api/flagged_vehicles?limit=3").body();

        assertThat(list.path("count").asInt()).isEqualTo(15);
        assertThat(list.path("vehicles")).hasSize(3);
        assertThat(list.at("/vehicles/0/severity_score").asInt())
                .isGreaterThanOrEqualTo(list.at("/vehicles/2/severity_score").asInt());
        assertThat(list.at("/vehicles/0/severity_level").asText()).isEqualTo("critical");
        refused(http.get("/api/flagged_vehicles?limit=0"), 400);
    }
}
