package dev.segno.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.icegreen.greenmail.junit5.GreenMailExtension;
import com.icegreen.greenmail.util.ServerSetupTest;
import dev.segno.sandbox.Sandbox;
import dev.segno.sandbox.SandboxSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * A full cycle of the vehicle maintenance, while the process is killed three times, each time after a service has done its
 * work and before it has answered. The scheduling service knows no idempotency keys.
 */
class VehicleMaintenanceCrashIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int VEHICLES = 15;

    @RegisterExtension
    static final GreenMailExtension MAIL =
            new GreenMailExtension(ServerSetupTest.SMTP.dynamicPort()).withPerMethodLifecycle(false);

    @TempDir
    private Path directory;

    @Test
    void nothingIsLostAndNothingIsBookedConfirmedOrSentTwice() throws Exception {
        try (Sandbox sandbox = Sandbox.start(SandboxSettings.onFreePorts("k"))) {
            Map<String, String> environment = new HashMap<>(Map.of(
                    "SMTP_URL", "smtp://127.0.0.1:" + MAIL.getSmtp().getPort(),
                    "VM_TIMEOUT", "120000",
                    "VM_SCHEDULE_TIMEOUT", "120000"));
            environment.putAll(
                    ServedPackage.addresses(sandbox, List.of("forecasting", "scheduling", "fleet", "sms-webhook")));
            StandInClient scheduling = new StandInClient(sandbox.uri("scheduling"));
            StandInClient sms = new StandInClient(sandbox.uri("sms-webhook"));
            scheduling.control("{\"ignoreKeys\":true,\"faults\":[" + held("/api/schedule_batch") + ","
                    + held("/api/confirmBooking") + "]}");
            try (SegnoProcess process = new SegnoProcess(
                    List.of("routes/vehicle-maintenance"),
                    SegnoProcess.Readiness.VEHICLE_MAINTENANCE,
                    directory,
                    environment)) {
                process.start();
                String run = process.client()
                        .post("/api/orchestrate/full_cycle", "{\"auto_confirm\":true}", "Prefer", "respond-async")
                        .body()
                        .path("run_id")
                        .asText();

                // Booked, and not answered.
                until(() -> count(scheduling, "bookings") == VEHICLES);
                process.kill();
                process.start();
                // All confirmed, and one of them not answered; the owners of the others are told.
                until(() -> count(scheduling, "confirmed") == VEHICLES
                        && count(sms, "messages") == VEHICLES - 1
                        && MAIL.getReceivedMessages().length == VEHICLES - 1);
                sms.control(held("/"));
                process.kill();
                process.start();
                // The last owner got the message, which was not answered.
                until(() -> count(sms, "messages") == VEHICLES);
                process.kill();
                process.start();

                JsonNode ended = await().atMost(PATIENCE)
                        .until(
                                () -> process.client().get("/api/runs/" + run).body(),
                                view -> view.path("state").asText().equals("COMPLETED"));
                assertThat(ended.at("/output/success").asBoolean())
                        .as(ended.path("output").toString())
                        .isTrue();
                assertThat(ended.at("/output/results/steps").findValuesAsText("sent_count"))
                        .contains(String.valueOf(VEHICLES));
            }
            assertThat(new StandInClient(sandbox.uri("fleet")).calls("/api/maintenance_flags"))
                    .as("the list of vehicles is not read again")
                    .hasSize(1);
            JsonNode bookings = scheduling.sandbox("?ids=true").path("records");
            assertThat(bookings.path("confirmed").asInt()).isEqualTo(VEHICLES);
            assertThat(bookings.path("list").findValuesAsText("vehicle_id"))
                    .hasSize(VEHICLES)
                    .doesNotHaveDuplicates();
            assertThat(sms.sandbox("?ids=true").at("/records/list").findValuesAsText("to"))
                    .hasSize(VEHICLES)
                    .doesNotHaveDuplicates();
            assertThat(Arrays.asList(MAIL.getReceivedMessages()))
                    .extracting(mail -> mail.getAllRecipients()[0].toString())
                    .hasSize(VEHICLES)
                    .doesNotHaveDuplicates();
        }
    }

    private static String held(String path) {
        return "{\"path\":\"" + path + "\",\"fault\":\"hold_after_work\",\"times\":1}";
    }

    private static int count(StandInClient of, String what) throws Exception {
        return of.sandbox().at("/records/" + what).asInt();
    }

    private static void until(Callable<Boolean> holds) {
        await().atMost(PATIENCE).until(holds);
    }
}
