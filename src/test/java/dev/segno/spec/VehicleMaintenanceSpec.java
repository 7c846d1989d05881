package dev.segno.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.icegreen.greenmail.configuration.GreenMailConfiguration;
import com.icegreen.greenmail.junit5.GreenMailExtension;
import com.icegreen.greenmail.util.ServerSetupTest;
import dev.segno.Application;
import dev.segno.control.Settings;
import dev.segno.sandbox.Sandbox;
import dev.segno.sandbox.SandboxSettings;
import jakarta.mail.internet.MimeMessage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The vehicle maintenance on a port of its own, the stand-ins of its services, and a real SMTP server that asks for a password. */
abstract class VehicleMaintenanceSpec {

    static final Duration PATIENCE = Duration.ofSeconds(30);
    /** Of the SMTP server, which lets nobody in with another one. */
    static final String PASSWORD = "p@ss/word";

    static final String FULL = "/api/orchestrate/full_cycle";
    static final String FLAGGED = "/api/orchestrate/schedule_flagged";
    static final String CONFIRMED = "{\"auto_confirm\":true}";
    static final List<String> STEPS = List.of(
            "forecast_generation", "get_flagged_vehicles", "scheduling", "notifications", "feedback_processing");

    @RegisterExtension
    static final GreenMailExtension MAIL = new GreenMailExtension(ServerSetupTest.SMTP.dynamicPort())
            .withConfiguration(GreenMailConfiguration.aConfig().withUser("fleet", PASSWORD))
            .withPerMethodLifecycle(false);

    @TempDir
    static Path directory;

    static Sandbox sandbox;
    static Application application;
    static JsonClient http;

    @BeforeAll
    static void start() throws Exception {
        sandbox = Sandbox.start(SandboxSettings.onFreePorts("k"));
        application = start("data", settings());
        http = ServedPackage.client(application);
    }

    static Map<String, String> settings() {
        Map<String, String> settings = new HashMap<>(Map.of(
                "SMTP_URL",
                        "smtp://fleet:p%40ss%2Fword@127.0.0.1:" + MAIL.getSmtp().getPort(),
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

    static Application start(String data, Map<String, String> settings) throws Exception {
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
        for (String name : List.of(
                "forecasting", "scheduling", "fleet", "core-engine", "telemetry", "sms-webhook", "notify-webhook")) {
            of(name).reset();
        }
        MAIL.purgeEmailFromAllMailboxes();
    }

    /** A node with some of the services, and all other settings as they are by default. */
    static Map<String, String> urls(String... services) {
        return new HashMap<>(ServedPackage.addresses(sandbox, List.of(services)));
    }

    static StandInClient of(String service) {
        return new StandInClient(sandbox.uri(service));
    }

    static JsonNode cycle(String body, String... headers) throws Exception {
        JsonClient.Reply reply = http.post(FULL, body, headers);
        assertThat(reply.status()).as(reply.body().toString()).isEqualTo(200);
        assertThat(reply.header("X-Run-Id"))
                .isEqualTo(reply.body().path("run_id").asText())
                .isNotEmpty();
        return reply.body();
    }

    static List<String> steps(JsonNode cycle, String field) {
        List<String> values = new ArrayList<>();
        cycle.at("/results/steps").forEach(step -> values.add(step.path(field).asText()));
        return values;
    }

    static JsonNode step(JsonNode cycle, String name) {
        return StreamSupport.stream(cycle.at("/results/steps").spliterator(), false)
                .filter(step -> step.path("step").asText().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("No step " + name + " in " + cycle));
    }

    static JsonNode bookings() throws Exception {
        return of("scheduling").sandbox("?ids=true").path("records");
    }

    static List<MimeMessage> mails() {
        return Arrays.asList(MAIL.getReceivedMessages());
    }

    static void refused(JsonClient.Reply reply, int status) {
        assertThat(reply.status()).as(reply.body().toString()).isEqualTo(status);
        assertThat(reply.body().path("error").asText()).isNotEmpty().doesNotContain("Exception", "\tat ");
    }

    /** The run, when it is in a state. */
    static JsonNode runIn(String state, String run) {
        return await().atMost(PATIENCE)
                .until(
                        () -> http.get("/api/runs/" + run).body(),
                        view -> view.path("state").asText().equals(state));
    }
}
