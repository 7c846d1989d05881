package dev.segno.spec;

import static net.javacrumbs.jsonunit.assertj.JsonAssertions.assertThatJson;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.icegreen.greenmail.junit5.GreenMailExtension;
import com.icegreen.greenmail.util.GreenMailUtil;
import com.icegreen.greenmail.util.ServerSetupTest;
import dev.segno.Application;
import dev.segno.RouteLayout;
import dev.segno.control.Settings;
import dev.segno.sandbox.Sandbox;
import dev.segno.sandbox.SandboxSettings;
import jakarta.mail.internet.MimeMessage;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The vehicle maintenance of its contract, over HTTP, by the numbers of its cases. Mails go to a real SMTP server. */
class VehicleMaintenanceTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String FULL = "/api/orchestrate/full_cycle";
    private static final String FLAGGED = "/api/orchestrate/schedule_flagged";
    private static final String CONFIRMED = "{\"auto_confirm\":true}";
    private static final List<String> STEPS = List.of(
            "forecast_generation", "get_flagged_vehicles", "scheduling", "notifications", "feedback_processing");

    @RegisterExtension
    static final GreenMailExtension MAIL =
            new GreenMailExtension(ServerSetupTest.SMTP.dynamicPort()).withPerMethodLifecycle(false);

    @TempDir
    private static Path directory;

    private static Sandbox sandbox;
    private static Application application;
    private static JsonClient http;

    @BeforeAll
    static void start() throws Exception {
        sandbox = Sandbox.start(SandboxSettings.onFreePorts("k"));
        application = start("data", settings());
        http = ServedPackage.client(application);
    }

    private static Map<String, String> settings() {
        Map<String, String> settings = new HashMap<>(Map.of(
                "SMTP_SERVER", "127.0.0.1",
                "SMTP_PORT", String.valueOf(MAIL.getSmtp().getPort()),
                "SMTP_FROM", "service@example.com",
                "VM_RETRY_DELAY", "10",
                "VM_BATCH_SIZE", "4",
                "VM_CONFIRMATION", "signal",
                "SEGNO_CORS_ORIGINS", "https://dashboard.example.com"));
        settings.putAll(ServedPackage.addresses(
                sandbox,
                List.of(
                        "forecasting",
                        "scheduling",
                        "fleet",
                        "core-engine",
                        "telemetry",
                        "sms-webhook",
                        "notify-webhook")));
        return settings;
    }

    private static Map<String, String> urls(String... services) {
        Map<String, String> urls = new HashMap<>();
        for (String name : services) {
            urls.put(
                    name.toUpperCase(Locale.ROOT).replace('-', '_') + "_URL",
                    sandbox.uri(name).toString());
        }
        return urls;
    }

    private static Application start(String data, Map<String, String> settings) throws Exception {
        return ServedPackage.start("vehicle-maintenance", directory.resolve(data), Settings.of(settings));
    }

    @AfterAll
    static void stop() {
        if (application != null) {
            application.close();
        }
        sandbox.close();
    }

    @BeforeEach
    void empty() throws Exception {
        for (String name :
                List.of("forecasting", "scheduling", "fleet", "telemetry", "sms-webhook", "notify-webhook")) {
            of(name).reset();
        }
        MAIL.purgeEmailFromAllMailboxes();
    }

    private static StandInClient of(String service) {
        return new StandInClient(sandbox.uri(service));
    }

    private static JsonNode cycle(String body) throws Exception {
        JsonClient.Reply reply = http.post(FULL, body);
        assertThat(reply.status()).as(reply.body().toString()).isEqualTo(200);
        assertThat(reply.header("X-Run-Id"))
                .isEqualTo(reply.body().path("run_id").asText())
                .isNotEmpty();
        return reply.body();
    }

    private static List<String> steps(JsonNode cycle, String field) {
        List<String> values = new ArrayList<>();
        cycle.at("/results/steps").forEach(step -> values.add(step.path(field).asText()));
        return values;
    }

    private static JsonNode step(JsonNode cycle, String name) {
        return StreamSupport.stream(cycle.at("/results/steps").spliterator(), false)
                .filter(step -> step.path("step").asText().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("No step " + name + " in " + cycle));
    }

    private static JsonNode bookings() throws Exception {
        return of("scheduling").sandbox("?ids=true").path("records");
    }

    private static List<MimeMessage> mails() {
        return Arrays.asList(MAIL.getReceivedMessages());
    }

    private static void refused(JsonClient.Reply reply, int status) {
        assertThat(reply.status()).as(reply.body().toString()).isEqualTo(status);
        assertThat(reply.body().path("error").asText()).isNotEmpty().doesNotContain("Exception", "\tat ");
    }

    @Test
    void VM_01_aFullCycleForecastsBooksConfirmsTellsAndReports() throws Exception {
        JsonNode cycle = cycle(CONFIRMED);

        assertThat(steps(cycle, "step")).isEqualTo(STEPS);
        assertThat(steps(cycle, "status")).as(cycle.toString()).containsOnly("success");
        assertThat(cycle.path("success").asBoolean()).isTrue();
        assertThat(cycle.path("status").asText()).isEqualTo("completed");
        assertThatJson(step(cycle, "forecast_generation"))
                .isEqualTo("{step: 'forecast_generation', status: 'success', data: {forecasts_generated: 5},"
                        + " forecasts_generated: 5}");
        assertThatJson(step(cycle, "get_flagged_vehicles"))
                .isEqualTo("{step: 'get_flagged_vehicles', status: 'success', data: {flagged_count: 15},"
                        + " flagged_count: 15}");
        assertThat(step(cycle, "scheduling").path("scheduled_count").asInt()).isEqualTo(15);
        assertThat(step(cycle, "notifications").path("sent_count").asInt()).isEqualTo(15);
        assertThat(bookings().path("confirmed").asInt()).isEqualTo(15);
        assertThat(of("scheduling").calls("/api/schedule_batch"))
                .as("in batches of four, the most severe first")
                .hasSize(4);
        assertThat(mails())
                .hasSize(15)
                .extracting(mail -> mail.getAllRecipients()[0].toString())
                .doesNotHaveDuplicates()
                .contains("c1@example.com", "c15@example.com");
        assertThat(GreenMailUtil.getBody(mails().get(0))).contains("BKG-", "service centre SC0");
        for (String channel : List.of("sms-webhook", "notify-webhook")) {
            assertThat(of(channel).sandbox().at("/records/messages").asInt()).isEqualTo(15);
        }
        JsonNode log = http.get("/api/notifications?limit=45").body();
        assertThat(log.path("count").asInt()).isEqualTo(45);
        assertThat(log.path("notifications").findValuesAsText("status")).containsOnly("sent");
        assertThat(log.path("notifications").findValuesAsText("booking_id").stream()
                        .distinct())
                .hasSize(15);
        assertThatJson(log.at("/notifications/0"))
                .isObject()
                .containsEntry("status", "sent")
                .containsEntry("message_template", "booking_confirmation")
                .containsKeys("notification_id", "recipient_name", "recipient_contact", "recipient_email");
        assertThat(log.at("/notifications/0/sent_at").asText()).endsWith("Z");
        assertThat(log.at("/notifications/0/notification_id").asInt())
                .isGreaterThan(log.at("/notifications/1/notification_id").asInt());
    }

    @Test
    void VM_02_withoutAutoConfirmBookingsStayProvisionalAndNobodyIsTold() throws Exception {
        JsonNode cycle = cycle("{\"auto_confirm\":false}");

        assertThat(step(cycle, "notifications").path("status").asText()).isEqualTo("skipped");
        assertThat(step(cycle, "notifications").path("reason").asText()).contains("auto_confirm");
        assertThat(bookings().path("provisional").asInt()).isEqualTo(15);
        assertThat(mails()).isEmpty();
    }

    @Test
    void allFlagsAreBookedNotJustAUsualPageOfThem() throws Exception {
        of("fleet").control("{\"vehicles\":200,\"flags\":130}");

        assertThat(step(cycle("{\"auto_confirm\":false}"), "get_flagged_vehicles")
                        .path("flagged_count")
                        .asInt())
                .isEqualTo(130);
        assertThat(bookings().path("provisional").asInt()).isEqualTo(130);
        assertThatJson(of("fleet").calls("/api/maintenance_flags").get(0).path("query"))
                .isEqualTo("{is_scheduled: 'false', limit: '1000', offset: '0'}");
    }

    @Test
    void VM_03_noBodyAndNoContentTypeMeanTheDefaults() throws Exception {
        JsonNode cycle = cycle("");

        assertThat(cycle.path("success").asBoolean()).isTrue();
        assertThat(of("forecasting")
                        .calls("/api/forecast/generate")
                        .get(0)
                        .at("/body/forecast_days")
                        .asInt())
                .isEqualTo(7);
    }

    @Test
    void VM_04_brokenJsonIsRefusedAndNobodyIsCalled() throws Exception {
        for (String body : List.of("{\"auto_confirm\":tru", "[]", "\"text\"")) {
            refused(http.post(FULL, body), 400);
        }
        refused(http.post(FULL, "{\"x\":\"" + "y".repeat(2_000_000) + "\"}"), 413);
        for (String service : List.of("forecasting", "scheduling", "fleet")) {
            assertThat(of(service).sandbox().path("totalCalls").asInt()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"seven\"", "0", "-5", "1.5", "10000"})
    void VM_05_forecastDaysIsAWholeNumberFrom1To90(String days) throws Exception {
        JsonClient.Reply reply = http.post(FULL, "{\"forecast_days\":" + days + "}");

        refused(reply, 400);
        assertThat(reply.body().at("/details/0/field").asText()).isEqualTo("forecast_days");
        assertThat(reply.body().at("/details/0/problem").asText()).isNotEmpty();
    }

    @Test
    void VM_06_anEmptyBacklogIsNoFailure() throws Exception {
        of("fleet").control("{\"flags\":0}");

        JsonNode cycle = cycle(CONFIRMED);
        assertThat(steps(cycle, "status")).containsExactly("success", "success", "skipped", "skipped", "success");
        assertThat(step(cycle, "scheduling").path("reason").asText()).isNotEmpty();

        JsonNode flagged = http.post(FLAGGED, "").body();
        assertThatJson(flagged)
                .isObject()
                .containsEntry("success", true)
                .containsKey("message")
                .containsEntry("scheduled_count", BigDecimal.ZERO)
                .containsEntry("failed_count", BigDecimal.ZERO);
        assertThatJson(flagged).node("bookings").isEqualTo("[]");
        assertThatJson(flagged).node("failed_vehicles").isEqualTo("[]");
    }

    @Test
    void VM_07_withoutTheForecastTheVehiclesAreBookedAllTheSame() throws Exception {
        of("forecasting").control("{\"path\":\"*\",\"fault\":\"close_before_work\"}");

        JsonNode cycle = cycle("");

        assertThat(steps(cycle, "status")).containsExactly("failed", "success", "success", "skipped", "failed");
        assertThat(step(cycle, "forecast_generation").path("error").asText()).contains("forecasting");
        assertThat(step(cycle, "feedback_processing").path("error").asText()).isNotEmpty();
        assertThat(cycle.path("success").asBoolean()).isFalse();
        assertThat(cycle.path("status").asText()).isEqualTo("completed_with_errors");
        assertThat(bookings().path("provisional").asInt()).isEqualTo(15);
    }

    @Test
    void VM_08_aForecastThatWorksTheThirdTimeIsASuccess() throws Exception {
        of("forecasting")
                .control("{\"path\":\"/api/forecast/generate\",\"fault\":\"status\",\"value\":503,\"times\":2}");

        JsonNode cycle = cycle("");

        assertThat(step(cycle, "forecast_generation").path("status").asText()).isEqualTo("success");
        assertThat(of("forecasting").calls("/api/forecast/generate"))
                .hasSize(3)
                .extracting(call -> call.path("key").asText())
                .containsOnly(cycle.path("run_id").asText() + "/forecast[0]/generate-forecast/generate");
    }

    @Test
    void VM_09_aVehicleWithoutAFreeSlotIsNamedAndStaysFlagged() throws Exception {
        of("scheduling").control("{\"noSlot\":[\"V007\"]}");

        JsonNode cycle = cycle(CONFIRMED);

        JsonNode scheduling = step(cycle, "scheduling");
        assertThat(scheduling.path("status").asText()).isEqualTo("success");
        assertThat(scheduling.path("failed_count").asInt()).isEqualTo(1);
        assertThatJson(scheduling.at("/data/failed_vehicles"))
                .isEqualTo("[{vehicle_id: 'V007', reason: 'no free slot'}]");
        assertThat(step(cycle, "notifications").path("sent_count").asInt()).isEqualTo(14);
        assertThat(mails()).hasSize(14);
        JsonNode flagged = http.get("/api/flagged_vehicles").body();
        assertThat(flagged.path("vehicles").findValuesAsText("vehicle_id")).containsExactly("V007");
    }

    @Test
    void VM_10_scheduleFlaggedSaysThatSchedulingIsDown() throws Exception {
        of("fleet").control("{\"flags\":4}");
        of("scheduling").control("{\"path\":\"/api/schedule_batch\",\"fault\":\"close_before_work\"}");

        JsonClient.Reply reply = http.post(FLAGGED, "");

        refused(reply, 502);
        assertThat(reply.body().path("step").asText()).isEqualTo("scheduling");
        assertThat(reply.body().path("run_id").asText()).isNotEmpty();
    }

    @Test
    void VM_11_whatCannotBeSentIsRefused() throws Exception {
        refused(http.post("/api/notifications/send", "{\"booking_id\":\"BKG-NOPE\"}"), 404);
        refused(http.post("/api/notifications/send", "{}"), 400);
        refused(
                http.post("/api/notifications/send", "{\"booking_id\":\"BKG-NOPE\",\"notification_type\":\"zzz\"}"),
                400);
        for (String limit : List.of("abc", "0", "501")) {
            refused(http.get("/api/notifications?limit=" + limit), 400);
        }
    }

    @Test
    void VM_12_onlyCentresThatAreFullerThanTheLimitAreReported() throws Exception {
        of("forecasting").control("{\"utilisation\":{\"SC001\":85,\"SC002\":80.0,\"SC003\":10}}");

        JsonNode cycle = cycle("");

        assertThat(step(cycle, "feedback_processing").path("centers_reported").asInt())
                .isEqualTo(1);
        assertThat(of("forecasting").calls("/api/forecast/feedback"))
                .singleElement()
                .satisfies(call -> assertThatJson(call.path("body"))
                        .isEqualTo("{region: 'north', actual_demand: 893, capacity_utilization: 0.85}"));
    }

    @Test
    void VM_13_aScheduleStartsCyclesOneAtATimeAndWithoutAChannelNothingIsSent() throws Exception {
        of("forecasting").control("{\"path\":\"/api/forecast/generate\",\"fault\":\"hold_after_work\",\"times\":1}");
        Map<String, String> settings = new HashMap<>(urls("forecasting", "scheduling", "fleet"));
        settings.put("VM_CRON", "* * * * * ?");
        settings.put("VM_CRON_AUTO_CONFIRM", "true");
        settings.put("VM_RETRY_DELAY", "10");
        settings.put("VM_FORECAST_TIMEOUT", "60000");
        try (Application scheduled = start("scheduled", settings)) {
            JsonClient client = ServedPackage.client(scheduled);
            await().atMost(PATIENCE)
                    .until(
                            () -> client.get("/api/schedules/maintenance-cycle")
                                    .body()
                                    .toString(),
                            text -> text.contains("SKIPPED") || text.contains("skipped"));
            assertThat(client.get("/api/runs?orchestration=maintenance-cycle")
                            .body()
                            .path("runs"))
                    .as("one under way")
                    .hasSize(1);

            // Whoever waits for an answer is cut off, and asks again.
            of("forecasting").reset();

            await().atMost(PATIENCE)
                    .until(() -> client.get("/api/notifications")
                                    .body()
                                    .path("count")
                                    .asInt()
                            == 15);
            assertThat(client.get("/api/notifications")
                            .body()
                            .at("/notifications")
                            .findValuesAsText("status"))
                    .containsOnly("pending");
            assertThat(client.get("/api/notifications")
                            .body()
                            .at("/notifications")
                            .findValuesAsText("notification_type"))
                    .containsOnly("both");
            assertThat(bookings().path("confirmed").asInt()).isEqualTo(15);
        }
    }

    @Test
    void aRunInTheWayIsNamedAndWhoDoesNotWaitIsToldWhereToLook() throws Exception {
        of("forecasting").control("{\"path\":\"/api/forecast/generate\",\"fault\":\"hold_after_work\",\"times\":1}");

        JsonClient.Reply started = http.post(FULL, CONFIRMED, "Prefer", "respond-async");
        JsonClient.Reply second = http.post(FULL, CONFIRMED);

        assertThat(started.status()).as(started.body().toString()).isEqualTo(202);
        String run = started.body().path("run_id").asText();
        assertThatJson(started.body()).isEqualTo("{run_id: '" + run + "', status: 'running'}");
        assertThat(started.header("Location")).isEqualTo("/api/runs/" + run);
        refused(second, 409);
        assertThat(second.body().path("run_id").asText()).isEqualTo(run);
        // Whoever waits for an answer is cut off, and asks again.
        of("forecasting").reset();
        await().atMost(PATIENCE)
                .until(() -> http.get("/api/runs/" + run)
                        .body()
                        .path("state")
                        .asText()
                        .equals("COMPLETED"));
        assertThat(http.get("/api/runs/" + run).body().at("/attributes/phase").asText())
                .isEqualTo("COMPLETED");
        assertThat(bookings().path("bookings").asInt()).isEqualTo(15);
        assertThat(mails()).hasSize(15);
    }

    @Test
    void fourCallersAtOnceBookEachVehicleOnce() throws Exception {
        List<CompletableFuture<JsonClient.Reply>> replies = new ArrayList<>();
        for (int n = 0; n < 4; n++) {
            replies.add(http.postAsync(n == 3 ? FLAGGED : FULL, n == 3 ? "" : CONFIRMED));
        }

        assertThat(replies)
                .extracting(reply -> reply.get().status())
                .containsOnly(200, 409)
                .contains(200);
        assertThat(bookings().path("bookings").asInt()).isEqualTo(15);
        assertThat(bookings().path("list").findValuesAsText("vehicle_id")).doesNotHaveDuplicates();
    }

    @Test
    void theSameIdempotencyKeyFindsTheSameCycle() throws Exception {
        JsonNode first = http.post(FULL, CONFIRMED, "Idempotency-Key", "monday").body();
        JsonNode second =
                http.post(FULL, CONFIRMED, "Idempotency-Key", "monday").body();

        assertThatJson(second).isEqualTo(first);
        refused(http.post(FULL, "", "Idempotency-Key", "monday"), 409);
        assertThat(bookings().path("bookings").asInt()).isEqualTo(15);
    }

    /** The service books, and the connection breaks before it answers; it knows no idempotency keys. */
    @Test
    void aBatchWhoseAnswerWasLostIsNotBookedTwice() throws Exception {
        of("fleet").control("{\"flag\":\"V001\"}");
        of("scheduling")
                .control(
                        "{\"ignoreKeys\":true,\"faults\":[{\"path\":\"/api/schedule_batch\",\"fault\":\"close_after_work\","
                                + "\"times\":1},{\"path\":\"/api/confirmBooking\",\"fault\":\"close_after_work\",\"times\":3}]}");

        JsonNode cycle = cycle(CONFIRMED);

        assertThat(steps(cycle, "status")).as(cycle.toString()).containsOnly("success");
        assertThat(step(cycle, "scheduling").path("scheduled_count").asInt()).isEqualTo(15);
        assertThat(bookings().path("confirmed").asInt()).isEqualTo(15);
        assertThat(bookings().path("list").findValuesAsText("vehicle_id"))
                .hasSize(15)
                .doesNotHaveDuplicates();
        assertThat(mails()).hasSize(15);
    }

    @Test
    void twoFlagsOfOneVehicleAreOneBookingAndAnUnknownVehicleIsReported() throws Exception {
        of("fleet").control("{\"flag\":\"V001\"}");
        of("fleet").control("{\"flag\":\"V999\"}");

        JsonNode flagged = http.post(FLAGGED, "").body();

        assertThat(flagged.path("scheduled_count").asInt()).isEqualTo(15);
        assertThatJson(flagged.path("failed_vehicles")).isEqualTo("[{vehicle_id: 'V999', reason: 'unknown vehicle'}]");
        assertThat(flagged.at("/bookings/0").path("status").asText()).isEqualTo("provisional");
        assertThat(mails()).isEmpty();
    }

    /** The database is read and never written: what books is the scheduling service. */
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
    void aMessageThatCannotBeSentWaitsForARetryAndTheOthersAreSent() throws Exception {
        of("fleet").control("{\"flags\":2}");
        of("sms-webhook")
                .control("{\"path\":\"/\",\"fault\":\"status\",\"value\":503,\"match\":{\"to\":\"+91-9000000002\"},"
                        + "\"times\":3}");

        JsonNode cycle = cycle(CONFIRMED);

        assertThat(step(cycle, "notifications").path("sent_count").asInt()).isEqualTo(2);
        assertThatJson(step(cycle, "notifications").at("/data/messages")).isEqualTo("{sent: 5, failed: 1}");
        assertThat(of("sms-webhook").calls("/"))
                .extracting(call -> call.path("key").asText())
                .as("three tries of one message, one of the other")
                .hasSize(4)
                .satisfies(keys -> assertThat(keys.stream().distinct()).hasSize(2));
        JsonNode failed = http.get("/api/notifications?limit=6").body();
        assertThat(failed.toString()).contains("\"status\":\"failed\"", "\"attempts\":3");
        JsonNode standing = http.get("/api/runs?orchestration=owner-notification.undelivered&state=PARKED&limit=1")
                .body()
                .at("/runs/0");
        assertThat(standing.at("/error/message").asText()).contains("could not be told by sms", "retry this run");

        http.post("/api/runs/" + standing.path("id").asText() + "/retry", "{}");

        String id = standing.path("id").asText();
        await().atMost(PATIENCE)
                .until(() -> http.get("/api/runs/" + id)
                        .body()
                        .path("state")
                        .asText()
                        .equals("COMPLETED"));
        assertThat(http.get("/api/notifications?limit=6")
                        .body()
                        .at("/notifications")
                        .findValuesAsText("status"))
                .containsOnly("sent");
        assertThat(of("sms-webhook").sandbox().at("/records/messages").asInt()).isEqualTo(2);
    }

    @Test
    void oneOwnerIsToldOnceForEachIdempotencyKey() throws Exception {
        of("fleet").control("{\"flags\":1}");
        String booking =
                http.post(FLAGGED, "").body().at("/bookings/0/booking_id").asText();
        String order = "{\"booking_id\":\"" + booking + "\",\"notification_type\":\"reminder\"}";

        for (int n = 0; n < 2; n++) {
            JsonClient.Reply sent = http.post("/api/notifications/send", order, "Idempotency-Key", "r1");
            assertThat(sent.status()).as(sent.body().toString()).isEqualTo(200);
            assertThatJson(sent.body())
                    .isObject()
                    .containsEntry("success", true)
                    .containsEntry("booking_id", booking)
                    .containsEntry("notification_type", "reminder");
        }

        assertThat(mails())
                .singleElement()
                .satisfies(mail -> assertThat(mail.getSubject()).startsWith("Reminder"));
        JsonNode log = http.get("/api/notifications?booking_id=" + booking).body();
        assertThat(log.path("count").asInt()).isEqualTo(3);
        assertThat(log.at("/notifications").findValuesAsText("message_template"))
                .containsOnly("reminder");
    }

    @Test
    void whereEveryChannelFailsTheCallerIsToldAndWhoWaitsTooLongIsToldWhereToLook() throws Exception {
        of("fleet").control("{\"flags\":1}");
        String booking =
                http.post(FLAGGED, "").body().at("/bookings/0/booking_id").asText();
        Map<String, String> settings = new HashMap<>(urls("scheduling", "fleet", "sms-webhook"));
        settings.put("VM_RETRIES", "0");
        settings.put("VM_WAIT", "100ms");
        of("sms-webhook").control("{\"path\":\"/\",\"fault\":\"status\",\"value\":500}");
        try (Application alone = start("alone", settings)) {
            JsonClient.Reply reply =
                    ServedPackage.client(alone).post("/api/notifications/send", "{\"booking_id\":\"" + booking + "\"}");

            refused(reply, 502);
            assertThat(reply.body().path("success").asBoolean(true)).isFalse();

            of("fleet").control("{\"path\":\"/api/maintenance_flags\",\"fault\":\"hold_after_work\",\"times\":1}");
            JsonClient.Reply late = ServedPackage.client(alone).post(FLAGGED, "");
            assertThat(late.status()).as("longer than VM_WAIT: " + late.body()).isEqualTo(202);
            String run = late.body().path("run_id").asText();
            assertThat(late.header("Location")).isEqualTo("/api/runs/" + run);
            of("fleet").reset();
            await().atMost(PATIENCE)
                    .until(() -> ServedPackage.client(alone)
                            .get("/api/runs/" + run)
                            .body()
                            .path("state")
                            .asText()
                            .equals("COMPLETED"));
        }
    }

    @Test
    void provisionalBookingsCanWaitForSomebodyToConfirmThemOrToGiveThemUp() throws Exception {
        of("fleet").control("{\"flags\":3}");

        String givenUp = confirmationOf(cycle(""));
        assertThat(bookings().path("provisional").asInt()).isEqualTo(3);
        signal(givenUp, "{\"confirmed\":false}", "COMPENSATED");
        assertThat(bookings().path("cancelled").asInt()).isEqualTo(3);
        assertThat(http.get("/api/flagged_vehicles").body().path("count").asInt())
                .as("flagged again")
                .isEqualTo(3);
        assertThat(mails()).isEmpty();

        signal(confirmationOf(cycle("")), "{\"confirmed\":true}", "COMPLETED");
        assertThat(bookings().path("confirmed").asInt()).isEqualTo(3);
        assertThat(mails()).hasSize(3);
    }

    private static String confirmationOf(JsonNode cycle) {
        JsonNode notifications = step(cycle, "notifications");
        assertThat(notifications.path("status").asText()).as(cycle.toString()).isEqualTo("skipped");
        assertThat(notifications.path("reason").asText()).contains("signal confirm");
        return notifications.path("confirmation_run_id").asText();
    }

    private static void signal(String run, String decision, String state) throws Exception {
        assertThat(http.post("/api/runs/" + run + "/signals/confirm", decision).status())
                .isEqualTo(202);
        await().atMost(PATIENCE).untilAsserted(() -> {
            JsonNode now = http.get("/api/runs/" + run).body();
            assertThat(now.path("state").asText()).as(now.toString()).isEqualTo(state);
        });
    }

    @Test
    void besideAllOtherPackagesItKeepsItsPathsAndASlotThatIsPastIsNone() throws Exception {
        Map<String, String> settings = settings();
        settings.put("ADMIN_KEY", "k");
        settings.put("VM_FIRST_DAY", "-30");
        Path routes = Path.of("routes");
        try (Application all = Application.start(
                new Application.Options(
                        RouteLayout.of(List.of(routes), routes), "127.0.0.1", 0, directory.resolve("all"), false),
                Settings.of(settings))) {
            JsonClient client = ServedPackage.client(all);
            assertThat(client.get("/health").body().toString()).isEqualTo("{\"status\":\"ok\"}");
            assertThat(client.get("/openapi.json").body().path("paths").has(FULL))
                    .isTrue();

            JsonNode scheduling = step(client.post(FULL, CONFIRMED).body(), "scheduling");
            assertThat(scheduling.path("scheduled_count").asInt()).isZero();
            assertThat(scheduling.path("failed_count").asInt()).isEqualTo(15);
            assertThat(scheduling.at("/data/failed_vehicles/0/reason").asText()).contains("is past");
            assertThat(mails()).isEmpty();
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

    @Test
    void healthTellsHowTheServicesAre() throws Exception {
        of("telemetry").control("{\"path\":\"/health\",\"fault\":\"status\",\"value\":500}");
        assertThatJson(http.get("/health").body())
                .isEqualTo("{status: 'healthy', service: 'orchestrator_service', version: '1.0.0', services:"
                        + " {core_engine: 'healthy', scheduling: 'healthy', forecasting: 'healthy',"
                        + " telemetry: 'unhealthy'}}");
        of("forecasting").control("{\"path\":\"/health\",\"fault\":\"close_before_work\"}");
        JsonNode degraded = http.get("/health").body();
        assertThat(degraded.path("status").asText()).isEqualTo("degraded");
        assertThat(degraded.at("/services/forecasting").asText()).isEqualTo("down");
    }

    @Test
    void aListedDashboardMayAsk() throws Exception {
        assertThat(http.get("/api/flagged_vehicles", "Origin", "https://dashboard.example.com")
                        .header("Access-Control-Allow-Origin"))
                .isEqualTo("https://dashboard.example.com");
        assertThat(http.get("/api/flagged_vehicles", "Origin", "https://other.example.com")
                        .header("Access-Control-Allow-Origin"))
                .isEmpty();
    }
}
