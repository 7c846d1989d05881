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
import java.net.URI;
import java.nio.file.Path;
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
        http = client(application);
    }

    private static Map<String, String> settings() {
        Map<String, String> settings = new HashMap<>(Map.of(
                "SMTP_SERVER", "127.0.0.1",
                "SMTP_PORT", String.valueOf(MAIL.getSmtp().getPort()),
                "SMTP_FROM", "service@example.com",
                "VM_RETRY_DELAY", "10",
                "VM_BATCH_SIZE", "4",
                "SEGNO_CORS_ORIGINS", "https://dashboard.example.com"));
        for (String name : List.of("forecasting", "scheduling", "fleet", "core-engine", "telemetry")) {
            settings.put(
                    name.toUpperCase(Locale.ROOT).replace('-', '_') + "_URL",
                    sandbox.uri(name).toString());
        }
        return settings;
    }

    private static Application start(String data, Map<String, String> settings) throws Exception {
        Path routes = Path.of("routes");
        return Application.start(
                new Application.Options(
                        RouteLayout.of(List.of(routes.resolve("vehicle-maintenance")), routes),
                        "127.0.0.1",
                        0,
                        directory.resolve(data),
                        false),
                Settings.of(settings));
    }

    private static JsonClient client(Application of) {
        return new JsonClient(URI.create("http://127.0.0.1:" + of.port()));
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
        for (String name : List.of("forecasting", "scheduling", "fleet", "telemetry", "sms-webhook", "notify-webhook")) {
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
        return cycle.at("/results/steps").findValuesAsText(field);
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
        assertThat(reply.body().path("error").asText())
                .isNotEmpty()
                .doesNotContain("Exception", "\tat ");
    }

    @Test
    void VM_01_aFullCycleForecastsBooksConfirmsTellsAndReports() throws Exception {
        JsonNode cycle = cycle(CONFIRMED);

        assertThat(steps(cycle, "step")).isEqualTo(STEPS);
        assertThat(steps(cycle, "status")).as(cycle.toString()).containsOnly("success");
        assertThatJson(cycle).node("success").isEqualTo(true);
        assertThat(cycle.path("status").asText()).isEqualTo("completed");
        assertThatJson(step(cycle, "forecast_generation")).node("forecasts_generated").isEqualTo(5);
        assertThatJson(step(cycle, "forecast_generation")).node("data.forecasts_generated").isEqualTo(5);
        assertThatJson(step(cycle, "get_flagged_vehicles")).node("flagged_count").isEqualTo(15);
        assertThatJson(step(cycle, "scheduling")).node("scheduled_count").isEqualTo(15);
        assertThatJson(step(cycle, "notifications")).node("sent_count").isEqualTo(15);
        assertThatJson(bookings()).node("confirmed").isEqualTo(15);
        assertThat(mails()).hasSize(15);
        assertThat(mails())
                .extracting(mail -> mail.getAllRecipients()[0].toString())
                .doesNotHaveDuplicates()
                .contains("c1@example.com", "c15@example.com");
        assertThat(GreenMailUtil.getBody(mails().get(0))).contains("BKG-");
        // The most severe first, in batches of four.
        assertThat(of("scheduling").calls("/api/schedule_batch")).hasSize(4);
    }
}
