package dev.segno.spec;

import static net.javacrumbs.jsonunit.assertj.JsonAssertions.assertThatJson;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.segno.Application;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Who is told of bookings, by which channels, and what becomes of messages and confirmations that fail. */
class VehicleMessagesTest extends VehicleMaintenanceSpec {

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
    void aBookingThatCannotBeConfirmedWaitsForARetryAndItsOwnerIsToldThen() throws Exception {
        of("fleet").control("{\"flags\":2}");
        of("scheduling").control("{\"path\":\"/api/confirmBooking\",\"fault\":\"status\",\"value\":503,\"times\":6}");

        JsonNode cycle = cycle(CONFIRMED);

        assertThat(step(cycle, "notifications").path("status").asText()).isEqualTo("failed");
        assertThat(step(cycle, "notifications").path("error").asText()).contains("answered 503");
        assertThat(bookings().path("provisional").asInt()).isEqualTo(2);
        assertThat(mails()).isEmpty();
        List<JsonNode> standing = new ArrayList<>();
        http.get("/api/runs?orchestration=owner-notification.unconfirmed&state=PARKED")
                .body()
                .path("runs")
                .forEach(standing::add);
        assertThat(standing)
                .hasSize(2)
                .allSatisfy(run -> assertThat(run.at("/error/message").asText())
                        .contains("could not be confirmed", "its owner was not told", "retry this run"));

        for (JsonNode run : standing) {
            http.post("/api/runs/" + run.path("id").asText() + "/retry", "{}");
        }

        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(bookings().path("confirmed").asInt()).isEqualTo(2));
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(mails())
                        .extracting(mail -> mail.getAllRecipients()[0].toString())
                        .hasSize(2)
                        .doesNotHaveDuplicates());
    }

    /** A process that died behind the log entry asks again, and so does a retry. */
    @Test
    void aMessageThatIsOnRecordAsSentIsNotSentAgain() throws Exception {
        String order = "{\"key\":\"a cycle/BKG-1\",\"notification_type\":\"reminder\",\"owner\":{\"name\":\"Ada\","
                + "\"email\":\"ada@example.com\"},\"booking\":{\"booking_id\":\"BKG-1\",\"vehicle_id\":\"V001\","
                + "\"center_id\":\"SC001\",\"slot_start\":\"2027-01-01T09:00:00\"}}";

        for (int n = 0; n < 2; n++) {
            JsonNode run = http.post("/api/orchestrations/owner-notification/runs?wait=30s", order)
                    .body();
            assertThatJson(run.path("output")).isObject().containsEntry("sent", BigDecimal.valueOf(2));
        }

        assertThat(mails())
                .singleElement()
                .satisfies(mail -> assertThat(mail.getMessageID()).isEqualTo("<a.cycle/BKG-1/reminder/email@segno>"));
        assertThat(of("notify-webhook").calls("/")).hasSize(1);
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
}
