package dev.segno.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.segno.spec.JsonClient;
import dev.segno.spec.SegnoProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** R11: services that hang, drip, never end or answer with 10 MB of headers, while other routes have work to do. */
class HostileServicesIT {

    private static final int CALLERS = 100;
    private static final int RUNS_MEANWHILE = 30;
    /** Pools that were not used before come to their full size; the 400 callers hold none of them. */
    private static final int MOST_THREADS_MORE = 40;

    private static final int CALLS_THAT_OPEN_A_BREAKER = 20;
    private static final Duration MOST_TIME_FOR_A_RUN = Duration.ofSeconds(5);

    @TempDir
    private Path directory;

    @Test
    void R11_otherRoutesAnswerAndThreadsAreBounded() throws Exception {
        Map<HostileService.Kind, HostileService> services = new EnumMap<>(HostileService.Kind.class);
        Map<String, String> environment = new HashMap<>();
        for (HostileService.Kind kind : HostileService.Kind.values()) {
            HostileService service = new HostileService(kind);
            services.put(kind, service);
            environment.put(kind + "_URL", service.url());
        }
        HostileService impatient = new HostileService(HostileService.Kind.HANGING);
        environment.put("IMPATIENT_URL", impatient.url());
        environment.put("SEGNO_RETRY_DELAY", "20");
        try (EffectServer effects = new EffectServer(new Random(), 5);
                impatient;
                SegnoProcess segno = start(environment, effects)) {
            JsonClient client = segno.client();
            complete(client);
            long threadsBefore = threads(segno);

            for (HostileService.Kind kind : HostileService.Kind.values()) {
                String name = kind.name().toLowerCase(Locale.ROOT);
                for (int caller = 0; caller < CALLERS; caller++) {
                    assertThat(client.post("/api/orchestrations/" + name + "/runs", "{}")
                                    .status())
                            .isEqualTo(202);
                }
            }
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> services.values().stream()
                            .allMatch(service -> service.calls() >= Math.min(CALLERS, CALLS_THAT_OPEN_A_BREAKER)));
            List<Long> times = new ArrayList<>();
            for (int run = 0; run < RUNS_MEANWHILE; run++) {
                times.add(complete(client));
            }
            long threadsMore = threads(segno) - threadsBefore;
            Collections.sort(times);
            System.out.println("R11: " + CALLERS + " runs at each of " + services.size() + " hostile services; "
                    + RUNS_MEANWHILE + " others took " + times.get(times.size() / 2) + " ms in the middle, at most "
                    + times.get(times.size() - 1) + " ms; " + threadsMore + " threads more than before");
            assertThat(times).allMatch(millis -> millis < MOST_TIME_FOR_A_RUN.toMillis());
            assertThat(threadsMore).isLessThanOrEqualTo(MOST_THREADS_MORE);
            assertBloatedIsToldClearly(client);
            assertBreakerOpens(client, impatient);
        } finally {
            services.values().forEach(HostileService::close);
        }
    }

    private static void assertBloatedIsToldClearly(JsonClient client) throws Exception {
        JsonNode run = await().atMost(Duration.ofSeconds(30))
                .until(
                        () -> client.get("/api/runs?orchestration=bloated&state=PARKED&limit=1")
                                .body()
                                .path("runs")
                                .path(0),
                        found -> !found.isMissingNode());
        assertThat(run.at("/error/message").asText()).contains("'bloated'");
    }

    /** Once enough calls have failed, the others wait for the service to come back and do not reach it. */
    private static void assertBreakerOpens(JsonClient client, HostileService service) throws Exception {
        for (int caller = 0; caller < CALLS_THAT_OPEN_A_BREAKER; caller++) {
            client.post("/api/orchestrations/impatient/runs?wait=10s", "{}");
        }
        int before = service.calls();
        assertThat(before).isEqualTo(CALLS_THAT_OPEN_A_BREAKER);
        JsonNode run =
                client.post("/api/orchestrations/impatient/runs?wait=10s", "{}").body();
        assertThat(run.path("state").asText()).isEqualTo("PARKED");
        assertThat(run.at("/error/message").asText()).contains("circuit breaker of the service 'impatient' is open");
        assertThat(service.calls()).isEqualTo(before);
    }

    private SegnoProcess start(Map<String, String> environment, EffectServer effects) throws Exception {
        environment.put("EFFECTS_URL", effects.url());
        SegnoProcess segno =
                new SegnoProcess(List.of(CrashRoute.DIRECTORY), SegnoProcess.Readiness.SHARED, directory, environment);
        segno.start();
        return segno;
    }

    private static long complete(JsonClient client) throws Exception {
        long begun = System.nanoTime();
        JsonClient.Reply reply = client.post("/api/orchestrations/split-parallel/runs?wait=20s", CrashRoute.INPUT);
        assertThat(reply.body().path("state").asText()).as(reply.toString()).isEqualTo("COMPLETED");
        return Duration.ofNanos(System.nanoTime() - begun).toMillis();
    }

    private static long threads(SegnoProcess segno) throws Exception {
        try (Stream<Path> tasks = Files.list(Path.of("/proc", String.valueOf(segno.pid()), "task"))) {
            return tasks.count();
        }
    }
}
