package dev.segno.spec;

import static net.javacrumbs.jsonunit.assertj.JsonAssertions.assertThatJson;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.icegreen.greenmail.util.GreenMailUtil;
import dev.segno.Application;
import dev.segno.RouteLayout;
import dev.segno.control.Settings;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The cycles of the vehicle maintenance of its contract, over HTTP, by the numbers of its cases. */
class VehicleMaintenanceTest extends VehicleMaintenanceSpec {

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
        assertThat(of("forecasting").calls("/api/forecast/generate")).hasSize(1);
        assertThat(of("fleet").calls("/api/maintenance_flags"))
                .as("the list is read once")
                .hasSize(1);
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
                .containsKeys("notification_id", "recipient_name", "recipient_contact", "recipient_email")
                .doesNotContainKey("text");
        assertThat(log.at("/notifications/0/sent_at").asText()).endsWith("Z");
        assertThat(log.at("/notifications/0/notification_id").asInt())
                .isGreaterThan(log.at("/notifications/1/notification_id").asInt());
    }

    @Test
    void VM_02_withoutAutoConfirmBookingsStayProvisionalAndNobodyIsTold() throws Exception {
        JsonNode cycle = cycle("{\"auto_confirm\":false}");

        assertThat(step(cycle, "notifications").path("status").asText()).isEqualTo("skipped");
        assertThat(step(cycle, "notifications").path("reason").asText()).contains("auto_confirm");
        assertThat(cycle.path("success").asBoolean()).isTrue();
        assertThat(steps(cycle, "step")).isEqualTo(STEPS);
        assertThat(of("scheduling").calls("/api/confirmBooking")).isEmpty();
        assertThat(bookings().path("provisional").asInt()).isEqualTo(15);
        assertThat(mails()).isEmpty();
        assertThat(of("sms-webhook").calls("/")).isEmpty();
        assertThat(of("notify-webhook").calls("/")).isEmpty();
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
        assertThat(step(cycle, "notifications").path("status").asText())
                .as("auto_confirm is false")
                .isEqualTo("skipped");
        assertThat(bookings().path("provisional").asInt()).isEqualTo(15);
        assertThat(cycle("{\"dashboard\":\"north\"}").path("success").asBoolean())
                .as("other fields are ignored")
                .isTrue();
    }

    @Test
    void VM_04_brokenJsonIsRefusedAndNobodyIsCalled() throws Exception {
        for (String body : List.of("{\"auto_confirm\":tru", "[]", "\"text\"")) {
            refused(http.post(FULL, body), 400);
        }
        assertThatJson(http.post(FULL, "[]").body().path("details"))
                .isEqualTo("[{field: 'body', problem: 'array found, object expected'}]");
        JsonClient.Reply wrong = http.post(FULL, "{\"auto_confirm\":\"yes\"}");
        refused(wrong, 400);
        assertThat(wrong.body().at("/details/0/field").asText()).isEqualTo("auto_confirm");
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
        assertThat(of("forecasting").sandbox().path("totalCalls").asInt()).isZero();
    }

    @Test
    void VM_06_anEmptyBacklogIsNoFailure() throws Exception {
        of("fleet").control("{\"flags\":0}");

        JsonNode cycle = cycle(CONFIRMED);
        assertThat(steps(cycle, "status")).containsExactly("success", "success", "skipped", "skipped", "success");
        assertThat(step(cycle, "scheduling").path("reason").asText()).isEqualTo("no vehicle is flagged");
        assertThat(step(cycle, "notifications").path("reason").asText()).isEqualTo("nothing was booked");
        assertThat(cycle.path("success").asBoolean()).isTrue();

        JsonClient.Reply reply = http.post(FLAGGED, "");
        assertThat(reply.status()).isEqualTo(200);
        JsonNode flagged = reply.body();
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
        Map<String, String> settings = settings();
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            settings.put("FORECASTING_URL", "http://127.0.0.1:" + taken.getLocalPort());
        }
        try (Application node = start("unforeseen", settings)) {
            JsonClient.Reply reply = ServedPackage.client(node).post(FULL, "");

            assertThat(reply.status()).isEqualTo(200);
            JsonNode cycle = reply.body();
            assertThat(steps(cycle, "step")).isEqualTo(STEPS);
            assertThat(steps(cycle, "status")).containsExactly("failed", "success", "success", "skipped", "failed");
            for (String name : List.of("forecast_generation", "feedback_processing")) {
                assertThat(step(cycle, name).path("error").asText())
                        .contains("'forecasting'", "refused")
                        .doesNotContain("Exception", "\tat ");
            }
            assertThat(cycle.path("success").asBoolean(true)).isFalse();
            assertThat(cycle.path("status").asText()).isEqualTo("completed_with_errors");
            assertThat(step(cycle, "scheduling").path("scheduled_count").asInt())
                    .isEqualTo(15);
            assertThat(bookings().path("provisional").asInt()).isEqualTo(15);
        }
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
        for (String channel : List.of("sms-webhook", "notify-webhook")) {
            assertThat(of(channel).sandbox().at("/records/messages").asInt()).isEqualTo(14);
        }
        JsonNode flagged = http.get("/api/flagged_vehicles").body();
        assertThat(flagged.path("vehicles").findValuesAsText("vehicle_id")).containsExactly("V007");
    }

    /** With the tries and times that hold when nobody sets others; and a service that hangs is as down as one that refuses. */
    @Test
    void VM_10_withSchedulingDownWhoeverAsksIsToldWithin15Seconds() throws Exception {
        Map<String, String> settings = urls("fleet");
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            settings.put("SCHEDULING_URL", "http://127.0.0.1:" + silent.getLocalPort());
            try (Application node = start("defaults", settings)) {
                isToldThatSchedulingIsDown(node, 504);
                silent.close();
                isToldThatSchedulingIsDown(node, 502);
            }
        }
    }

    private static void isToldThatSchedulingIsDown(Application node, int status) throws Exception {
        Instant begin = Instant.now();
        JsonClient.Reply reply = ServedPackage.client(node).post(FLAGGED, "");

        assertThat(Duration.between(begin, Instant.now())).isLessThan(Duration.ofSeconds(15));
        refused(reply, status);
        assertThat(reply.body().path("step").asText()).isEqualTo("scheduling");
        assertThat(reply.body().path("run_id").asText()).isNotEmpty();
    }

    @Test
    void VM_10_soItIsWhenSchedulingIsThereAndDoesNotBook() throws Exception {
        of("scheduling").control("{\"path\":\"/api/schedule_batch\",\"fault\":\"status\",\"value\":503}");
        isToldThatSchedulingIsDown(application, 502);
        assertThat(of("scheduling").calls("/api/schedule_batch"))
                .as("three tries of each of four batches")
                .hasSize(12);

        of("fleet").control("{\"path\":\"*\",\"fault\":\"status\",\"value\":500}");
        JsonClient.Reply unknown = http.post(FLAGGED, "");
        refused(unknown, 502);
        assertThat(unknown.body().path("step").asText()).isEqualTo("get_flagged_vehicles");
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

        of("forecasting").reset();
        of("forecasting").control("{\"utilisation\":{\"SC002\":80.0}}");
        JsonNode none = cycle("");
        assertThat(step(none, "feedback_processing").path("status").asText()).isEqualTo("success");
        assertThat(step(none, "feedback_processing").path("centers_reported").asInt(-1))
                .isZero();
        assertThat(of("forecasting").calls("/api/forecast/feedback")).isEmpty();
    }

    @Test
    void eachFullCentreIsReportedWhateverBecomesOfTheOthers() throws Exception {
        of("forecasting")
                .control(
                        "{\"utilisation\":{\"SC001\":81.4,\"SC002\":100},\"faults\":[{\"path\":\"/api/forecast/feedback\","
                                + "\"fault\":\"status\",\"value\":400,\"match\":{\"region\":\"north\"}}]}");

        JsonNode feedback = step(cycle(""), "feedback_processing");

        assertThat(feedback.path("status").asText()).isEqualTo("success");
        assertThat(feedback.path("centers_reported").asInt()).isEqualTo(1);
        assertThat(feedback.path("failed_count").asInt()).isEqualTo(1);
        assertThat(feedback.at("/data/failures/0").asText()).contains("answered 400");
        assertThat(of("forecasting").calls("/api/forecast/feedback"))
                .extracting(call -> call.at("/body/region").asText() + " "
                        + call.at("/body/capacity_utilization").asText())
                .containsExactly("north 0.814", "south 1");
    }

    @Test
    void aCycleInWhichNothingCameAboutIsFailed() throws Exception {
        for (String service : List.of("forecasting", "fleet")) {
            of(service).control("{\"path\":\"*\",\"fault\":\"close_before_work\"}");
        }

        JsonNode cycle = cycle(CONFIRMED);

        assertThat(steps(cycle, "status")).containsExactly("failed", "failed", "skipped", "skipped", "failed");
        assertThat(cycle.path("success").asBoolean(true)).isFalse();
        assertThat(cycle.path("status").asText()).isEqualTo("failed");
        assertThat(http.get("/api/runs/" + cycle.path("run_id").asText())
                        .body()
                        .at("/attributes/phase")
                        .asText())
                .isEqualTo("FAILED");
    }

    /** The last day does not count. */
    @Test
    void bookingsLieInTheDaysOfTheOrderFromTomorrowOnInTheBusinessZone() throws Exception {
        of("fleet").control("{\"flags\":1}");
        LocalDate today = LocalDate.now(ZoneId.of("Asia/Kolkata"));

        cycle("{\"forecast_days\":3}");
        of("fleet").control("{\"flags\":1}");
        assertThat(http.post(FLAGGED, "").status()).isEqualTo(200);

        LocalDate end = LocalDate.now(ZoneId.of("Asia/Kolkata"));
        List<JsonNode> calls = of("scheduling").calls("/api/schedule_batch");
        assertThat(calls).hasSize(2);
        for (int n = 0; n < 2; n++) {
            JsonNode range = calls.get(n).at("/body/preferred_date_range");
            LocalDate first = LocalDate.parse(range.path("start").asText());
            assertThat(first).isBetween(today.plusDays(1), end.plusDays(1));
            assertThat(LocalDate.parse(range.path("end").asText())).isEqualTo(first.plusDays(n == 0 ? 3 : 7));
        }
    }

    @Test
    void whatIsNotThereIsToldAsJson() throws Exception {
        refused(http.get(FULL), 405);
        JsonClient.Reply unknown = http.get("/api/orchestrate/nothing");
        assertThat(unknown.status()).isEqualTo(404);
        assertThat(unknown.body().path("error").path("code").asText())
                .as(unknown.body().toString())
                .isNotEmpty();
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
            assertThat(of("forecasting").calls("/api/forecast/generate")).hasSize(1);

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
        await().atMost(PATIENCE)
                .until(() -> http.get("/api/runs/" + run)
                        .body()
                        .at("/attributes/phase")
                        .asText()
                        .equals("FORECASTING"));
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

        for (String service : List.of("core-engine", "scheduling", "forecasting", "telemetry")) {
            of(service).reset();
            of(service).control("{\"path\":\"/health\",\"fault\":\"delay\",\"value\":60000}");
        }
        Instant begin = Instant.now();
        assertThat(http.get("/health").body().path("services"))
                .hasSize(4)
                .allSatisfy(service -> assertThat(service.asText()).isEqualTo("down"));
        assertThat(Duration.between(begin, Instant.now()))
                .as("two seconds in all; one after the other they would be eight")
                .isLessThan(Duration.ofSeconds(7));
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
