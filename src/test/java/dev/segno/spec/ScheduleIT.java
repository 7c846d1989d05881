package dev.segno.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Schedules of the real program over HTTP: one that fires each second, and one that fires each night. */
class ScheduleIT {

    private static final ZoneId SYDNEY = ZoneId.of("Australia/Sydney");
    private static final int KILLED = 137;

    @TempDir
    private Path directory;

    private SegnoProcess process;

    @BeforeEach
    void make() {
        process = new SegnoProcess(
                List.of("src/test/resources/schedule-routes"), SegnoProcess.Readiness.SHARED, directory, Map.of());
    }

    @AfterEach
    void end() {
        process.close();
    }

    private JsonNode schedule(String name) throws Exception {
        JsonClient.Reply reply = process.client().get("/api/schedules/" + name + "?limit=500");
        assertThat(reply.status()).as(reply.body().toString()).isEqualTo(200);
        return reply.body();
    }

    private JsonNode post(String path, String body, int status) throws Exception {
        JsonClient.Reply reply = process.client().post("/api/schedules/" + path, body);
        assertThat(reply.status()).as(reply.body().toString()).isEqualTo(status);
        return reply.body();
    }

    private static List<JsonNode> fires(JsonNode schedule, String outcome) {
        return StreamSupport.stream(schedule.path("lastFires").spliterator(), false)
                .filter(fire -> fire.path("outcome").asText().equals(outcome))
                .toList();
    }

    private String output(String runId) throws Exception {
        return await().until(
                        () -> process.client().get("/api/runs/" + runId).body(),
                        run -> run.path("state").asText().equals("COMPLETED"))
                .path("output")
                .asText();
    }

    @Test
    void aScheduleIsListedFiresIsPausedAndResumed() throws Exception {
        process.start();
        await().until(() -> fires(schedule("tick"), "started").size() >= 2);
        JsonNode list = process.client().get("/api/schedules").body().path("schedules");
        assertThat(list.findValuesAsText("name")).containsExactly("daily", "tick");
        assertThat(list.get(1).path("cron").asText()).isEqualTo("* * * * * ?");
        assertThat(list.get(1).path("lastFire").path("runId").asText()).isNotEmpty();
        JsonNode fire = fires(schedule("tick"), "started").get(0);
        assertThat(output(fire.path("runId").asText()))
                .isEqualTo("tick " + fire.path("fireTime").asText());

        assertThat(post("tick/pause", "", 200).path("paused").asBoolean()).isTrue();
        assertThat(post("tick/pause", "", 200).path("nextFire").isNull()).isTrue();
        int started = fires(schedule("tick"), "started").size();
        await().until(() -> fires(schedule("tick"), "skipped").size() >= 2);
        process.kill();
        process.restart();
        assertThat(schedule("tick").path("paused").asBoolean())
                .as("a pause outlives the process")
                .isTrue();
        assertThat(fires(schedule("tick"), "started")).hasSize(started);
        assertThat(fires(schedule("tick"), "skipped"))
                .extracting(skipped -> skipped.path("reason").asText())
                .containsOnly("The schedule was paused");
        assertThat(post("tick/resume", "", 200).path("paused").asBoolean()).isFalse();
        await().until(() -> fires(schedule("tick"), "started").size() > started);
    }

    @Test
    void aScheduleIsTriggeredAndBackfilled() throws Exception {
        process.start();
        JsonNode daily = schedule("daily");
        assertThat(daily.path("zone").asText()).isEqualTo("Australia/Sydney");
        assertThat(daily.path("misfire").asText()).isEqualTo("catch-up");
        assertThat(daily.path("overlap").asText()).isEqualTo("queue");
        assertThat(daily.path("nextFires"))
                .hasSize(5)
                .allSatisfy(fire -> assertThat(
                                Instant.parse(fire.asText()).atZone(SYDNEY).getMinute())
                        .isEqualTo(30));

        JsonNode fire = post("daily/trigger", "", 202);
        assertThat(fire.path("kind").asText()).isEqualTo("triggered");
        assertThat(fire.path("outcome").asText()).isEqualTo("started");
        assertThat(output(fire.path("runId").asText()))
                .isEqualTo(fire.path("fireTime").asText());

        ZonedDateTime last = ZonedDateTime.now(SYDNEY).minusDays(2).truncatedTo(ChronoUnit.DAYS);
        String span = "{\"from\":\"" + last.minusDays(3).toOffsetDateTime() + "\",\"to\":\"" + last.toOffsetDateTime()
                + "\"}";
        JsonNode backfill = post("daily/backfill", span, 202);
        assertThat(backfill.path("firing").asInt()).isEqualTo(3);
        await().until(() -> fires(schedule("daily"), "started").size() == 4);
        assertThat(post("daily/backfill", span, 202).toString()).isEqualTo("{\"firing\":0,\"already\":3}");
        Set<String> runs = new HashSet<>();
        for (JsonNode started : fires(schedule("daily"), "started")) {
            runs.add(output(started.path("runId").asText()));
        }
        assertThat(runs)
                .hasSize(4)
                .contains(
                        last.minusDays(1).withHour(2).withMinute(30).toInstant().toString());
    }

    @Test
    void badInputIsTheCallersFault() throws Exception {
        process.start();
        String backfill = "/api/schedules/daily/backfill";
        String span = "{'from':'%s','to':'%s'}";
        List<Bad> bad = List.of(
                new Bad("GET", "/api/schedules/nobody", "", 404),
                new Bad("POST", "/api/schedules/nobody/pause", "", 404),
                new Bad("POST", "/api/schedules/nobody/resume", "", 404),
                new Bad("POST", "/api/schedules/nobody/trigger", "", 404),
                new Bad(
                        "POST",
                        "/api/schedules/nobody/backfill",
                        span.formatted("2026-01-01T00:00Z", "2026-01-02T00:00Z"),
                        404),
                new Bad("GET", "/api/schedules/daily?limit=0", "", 400),
                new Bad("POST", "/api/schedules/daily", "", 405),
                new Bad("POST", backfill, span.formatted("yesterday", "2026-01-02T00:00Z"), 400),
                new Bad("POST", backfill, span.formatted("2026-01-01T00:00", "2026-01-02T00:00Z"), 400),
                new Bad("POST", backfill, "{'from':'2026-01-01T00:00Z'}", 400),
                new Bad("POST", backfill, span.formatted("2026-01-02T00:00Z", "2026-01-01T00:00Z"), 400),
                new Bad("POST", backfill, span.formatted("2026-01-01T00:00Z", "2999-01-01T00:00Z"), 400),
                new Bad("POST", backfill, span.formatted("1990-01-01T00:00Z", "2026-01-01T00:00Z"), 400),
                new Bad("POST", backfill, span.formatted("-999999999-01-01T00:00Z", "2026-01-01T00:00Z"), 400),
                new Bad("POST", backfill, "", 400),
                new Bad("POST", backfill, "[]", 400),
                new Bad("POST", backfill, "{bad", 400));
        for (Bad request : bad) {
            JsonClient client = process.client();
            JsonClient.Reply reply = request.method().equals("GET")
                    ? client.get(request.path())
                    : client.post(request.path(), request.body().replace('\'', '"'));
            assertThat(reply.status()).as(request + ": " + reply.body()).isEqualTo(request.status());
            assertThat(reply.body().at("/error/message").asText())
                    .as(request.toString())
                    .isNotEmpty()
                    .doesNotContain("Exception", "dev.segno");
        }
        assertThat(fires(schedule("daily"), "started")).isEmpty();
    }

    private record Bad(String method, String path, String body, int status) {}

    /** R24 on one node: killed before a run is started, after it, and at any other moment. */
    @Test
    void R24_eachFireTimeIsAtMostOneRunHoweverTheProcessDies() throws Exception {
        for (String failpoint : List.of("schedule.before-start:2", "run.after-start:2", "schedule.before-start:1")) {
            process.launch(List.of(), Map.of("SEGNO_FAILPOINTS", failpoint));
            assertThat(process.awaitExit()).isEqualTo(KILLED);
        }
        for (int kill = 0; kill < 2; kill++) {
            process.start();
            int before = fires(schedule("tick"), "started").size();
            await().until(() -> fires(schedule("tick"), "started").size() > before);
            process.kill();
        }
        process.start();
        post("tick/pause", "", 200);
        await().until(() -> fires(schedule("tick"), "due").isEmpty());

        JsonNode schedule = schedule("tick");
        Map<Instant, String> outcomes = new TreeMap<>();
        schedule.path("lastFires")
                .forEach(fire -> outcomes.put(
                        Instant.parse(fire.path("fireTime").asText()),
                        fire.path("outcome").asText()));
        List<Instant> times = List.copyOf(outcomes.keySet());
        assertThat(Duration.between(times.get(0), times.get(times.size() - 1)).toSeconds() + 1)
                .as("no second is left out: " + outcomes)
                .isEqualTo(times.size());
        Map<String, String> runs = new TreeMap<>();
        for (JsonNode fire : fires(schedule, "started")) {
            String fired = "tick " + fire.path("fireTime").asText();
            runs.put(fire.path("runId").asText(), fired);
            assertThat(output(fire.path("runId").asText())).isEqualTo(fired);
        }
        assertThat(runs.values()).doesNotHaveDuplicates().hasSizeGreaterThanOrEqualTo(5);
        JsonNode all = process.client()
                .get("/api/runs?orchestration=tick&limit=500")
                .body()
                .path("runs");
        assertThat(all.findValuesAsText("id")).containsExactlyInAnyOrderElementsOf(runs.keySet());
    }
}
