package dev.segno.sandbox;

import static net.javacrumbs.jsonunit.assertj.JsonAssertions.assertThatJson;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.segno.spec.JsonClient;
import dev.segno.spec.StandInClient;
import jakarta.mail.Message;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The stand-ins of the vehicle maintenance's services keep to its contract. */
class VehicleStandInsTest {

    private static Sandbox sandbox;

    @BeforeAll
    static void start() throws IOException {
        sandbox = Sandbox.start(SandboxSettings.onFreePorts("k"));
    }

    @AfterAll
    static void stop() {
        sandbox.close();
    }

    @BeforeEach
    void reset() throws Exception {
        for (String name : List.of("forecasting", "scheduling", "fleet", "sms-webhook")) {
            of(name).reset();
        }
    }

    private static StandInClient of(String service) {
        return new StandInClient(sandbox.uri(service));
    }

    private static JsonNode post(String service, String path, String body, String... headers) throws Exception {
        JsonClient.Reply reply = of(service).post(path, body, headers);
        assertThat(reply.status()).as(reply.body().toString()).isEqualTo(200);
        return reply.body();
    }

    private static JsonNode get(String service, String path) throws Exception {
        JsonClient.Reply reply = of(service).get(path);
        assertThat(reply.status()).as(reply.body().toString()).isEqualTo(200);
        return reply.body();
    }

    private static List<String> flagged() throws Exception {
        return get("fleet", "/api/maintenance_flags?is_scheduled=false&limit=5000")
                .path("flags")
                .findValuesAsText("vehicle_id");
    }

    private static String batch(List<String> vehicles) {
        LocalDate start = LocalDate.now(ZoneOffset.UTC).plusDays(1);
        return "{\"vehicles\":["
                + vehicles.stream().map(id -> '"' + id + '"').collect(Collectors.joining(","))
                + "],\"preferred_date_range\":{\"start\":\"" + start + "\",\"end\":\"" + start.plusDays(7) + "\"}}";
    }

    @Test
    void theSameSeedGivesTheSameFleet() throws Exception {
        JsonNode first = get("fleet", "/api/maintenance_flags?limit=1000").path("flags");
        of("fleet").control("{\"seed\":7}");
        assertThat(get("fleet", "/api/maintenance_flags?limit=1000")
                        .path("flags")
                        .findValuesAsText("severity_score"))
                .isNotEqualTo(first.findValuesAsText("severity_score"));
        of("fleet").reset();
        assertThat(get("fleet", "/api/maintenance_flags?limit=1000")
                        .path("flags")
                        .findValuesAsText("severity_score"))
                .hasSize(15)
                .isEqualTo(first.findValuesAsText("severity_score"));
        assertThatJson(get("fleet", "/api/vehicles/V003"))
                .isObject()
                .containsEntry("owner_name", "Customer 3")
                .containsEntry("owner_email", "c3@example.com");
        assertThat(of("fleet").get("/api/vehicles/V051").status()).isEqualTo(404);
        JsonNode page = get("fleet", "/api/maintenance_flags?is_scheduled=false&limit=4&offset=13");
        assertThat(page.path("flags")).hasSize(2);
        assertThat(page.path("total").asInt()).isEqualTo(15);
    }

    @Test
    void aBatchIsBookedAndItsFlagsAreTaken() throws Exception {
        of("scheduling").control("{\"noSlot\":[\"V002\"]}");

        JsonNode answer = post("scheduling", "/api/schedule_batch", batch(List.of("V001", "V002", "V030", "V999")));

        assertThat(answer.path("scheduled_count").asInt()).isEqualTo(1);
        assertThat(answer.at("/bookings/0/booking_id").asText()).matches("BKG-[0-9A-F]{8}");
        assertThatJson(answer.at("/bookings/0"))
                .isObject()
                .containsEntry("status", "provisional")
                .containsEntry("vehicle_id", "V001")
                .containsEntry("service_type", "general_inspection");
        assertThatJson(answer.path("failed_vehicles"))
                .isEqualTo(
                        "[{vehicle_id: 'V002', reason: 'no free slot'}, {vehicle_id: 'V030', reason: 'no open flag'},"
                                + " {vehicle_id: 'V999', reason: 'unknown vehicle'}]");
        assertThat(flagged()).hasSize(14).doesNotContain("V001");
        assertThat(of("scheduling")
                        .post("/api/schedule_batch", batch(List.of()))
                        .status())
                .isEqualTo(400);
        assertThat(of("scheduling")
                        .post("/api/schedule_batch", "{\"vehicles\":[\"V003\"],\"preferred_date_range\":{}}")
                        .status())
                .isEqualTo(500);
    }

    @Test
    void aBookingIsConfirmedOnceAndACancelledOneFreesItsFlag() throws Exception {
        JsonNode booked = post("scheduling", "/api/schedule_batch", batch(List.of("V001", "V002")));
        List<String> ids = booked.path("bookings").findValuesAsText("booking_id");
        String first = "{\"booking_id\":\"" + ids.get(0) + "\"}";

        assertThat(post("scheduling", "/api/confirmBooking", first)
                        .at("/booking/status")
                        .asText())
                .isEqualTo("confirmed");
        assertThat(of("scheduling").post("/api/confirmBooking", first).status()).isEqualTo(400);
        assertThat(of("scheduling")
                        .post("/api/confirmBooking", "{\"booking_id\":\"BKG-NOPE\"}")
                        .status())
                .isEqualTo(404);
        post("scheduling", "/api/cancelBooking", "{\"booking_id\":\"" + ids.get(1) + "\"}");
        assertThat(flagged()).hasSize(14);
        assertThat(get("scheduling", "/api/bookings?status=confirmed").path("bookings"))
                .hasSize(1);
    }

    @Test
    void withoutKeysARepeatedBatchIsWorkedAgain() throws Exception {
        of("fleet").control("{\"flag\":\"V001\"}");
        String body = batch(List.of("V001"));
        post("scheduling", "/api/schedule_batch", body, "Idempotency-Key", "k");
        post("scheduling", "/api/schedule_batch", body, "Idempotency-Key", "k");
        assertThat(of("scheduling").sandbox().at("/records/bookings").asInt()).isEqualTo(1);

        of("scheduling").control("{\"ignoreKeys\":true}");
        post("scheduling", "/api/schedule_batch", body, "Idempotency-Key", "k");
        assertThat(of("scheduling").sandbox().at("/records/bookings").asInt()).isEqualTo(2);
    }

    @Test
    void whatWasBookedBeforeTheConnectionBrokeIsKept() throws Exception {
        of("scheduling").control("{\"path\":\"/api/schedule_batch\",\"fault\":\"close_after_work\",\"times\":1}");

        assertThatThrownBy(() -> of("scheduling").post("/api/schedule_batch", batch(List.of("V001"))))
                .isInstanceOf(IOException.class);

        assertThat(of("scheduling").sandbox().at("/records/bookings").asInt()).isEqualTo(1);
    }

    @Test
    void theLoadOfTheContractFits() throws Exception {
        of("fleet").control("{\"vehicles\":5000,\"flags\":2000}");
        List<String> vehicles = new ArrayList<>(flagged());
        assertThat(vehicles).hasSize(2000).doesNotHaveDuplicates();

        JsonNode answer = post("scheduling", "/api/schedule_batch", batch(vehicles));

        assertThat(answer.path("scheduled_count").asInt()).isEqualTo(2000);
        assertThat(flagged()).isEmpty();
    }

    @Test
    void theForecastNamesEachRegionAndHowFullItsCentreIs() throws Exception {
        of("forecasting").control("{\"utilisation\":{\"SC001\":85}}");

        JsonNode forecast = post("forecasting", "/api/forecast/generate", "{\"forecast_days\":3}");
        JsonNode capacity = get("forecasting", "/api/forecast/capacity").path("capacity_forecast");

        assertThat(forecast.path("forecasts")).hasSize(5);
        assertThat(forecast.at("/forecasts/0/confidence_level").asDouble()).isEqualTo(0.5);
        assertThat(capacity.findValuesAsText("capacity_bays")).containsExactly("15", "12", "20", "10", "8");
        assertThat(capacity.at("/0/utilization_percent").asDouble()).isEqualTo(85);
        assertThat(capacity.at("/0/status").asText()).isEqualTo("high");
        assertThat(capacity.at("/1/utilization_percent").asDouble()).isZero();
        assertThat(post("forecasting", "/api/forecast/feedback", "{\"region\":\"north\",\"capacity_utilization\":0.95}")
                        .path("adjustment")
                        .asDouble())
                .isEqualTo(0.1);
    }

    @Test
    void theSmtpSinkKeepsMails() throws Exception {
        Properties server = new Properties();
        server.setProperty("mail.smtp.host", "127.0.0.1");
        server.setProperty(
                "mail.smtp.port",
                of("smtp-sink").sandbox().at("/sizes/smtpPort").asText());
        MimeMessage mail = new MimeMessage(Session.getInstance(server));
        mail.setFrom("service@example.com");
        mail.setRecipients(Message.RecipientType.TO, "c1@example.com");
        mail.setSubject("Booked");
        mail.setText("One line\n.\n..and another");

        Transport.send(mail);

        assertThatJson(of("smtp-sink").sandbox("?ids=true").at("/records/list/0"))
                .isObject()
                .containsEntry("subject", "Booked")
                .containsEntry("text", "One line\n.\n..and another")
                .node("to")
                .isEqualTo("['c1@example.com']");
        of("smtp-sink").reset();
        assertThat(of("smtp-sink").sandbox().at("/records/mails").asInt()).isZero();
    }

    @Test
    void sinksKeepWhatArrivesOnce() throws Exception {
        JsonNode first = post("sms-webhook", "/", "{\"to\":\"a\"}", "Idempotency-Key", "k");
        JsonNode again = post("sms-webhook", "/", "{\"to\":\"a\"}", "Idempotency-Key", "k");

        assertThat(again).isEqualTo(first);
        assertThat(of("sms-webhook").sandbox("?ids=true").at("/records/list")).hasSize(1);
    }
}
