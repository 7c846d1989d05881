package dev.segno.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.segno.camel.yaml.Problem;
import dev.segno.run.Run;
import dev.segno.run.RunQuery;
import dev.segno.run.RunState;
import dev.segno.run.SettableClock;
import dev.segno.store.SqliteRunStore;
import dev.segno.trigger.EndedRuns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code runs:ended}, and the daily report that is made of it; the clock stands where the test sets it. */
class EndedRunsTest extends RouteTest {

    private static final String WORK = """
            - step:
                id: work
                steps:
                  - to: effect:work
            """;

    private final SettableClock clock = new SettableClock(Instant.parse("2026-03-28T10:00:00Z"));

    @BeforeEach
    void setClock() {
        harness.clock = clock;
        harness.timersTakeTime = true;
        harness.sync(WORK);
    }

    private RouteHarness listening() {
        return harness.file("test/listen.camel.yaml", """
                - route:
                    id: listen
                    from:
                      uri: runs:ended?name=test&zone=Europe/Berlin&delay=50&initialDelay=10
                      steps:
                        - to: effect:hear
                """);
    }

    /** What the listener was told, as {@code run ID DAY} or {@code day DAY}. */
    private List<String> heard() {
        List<String> heard = new ArrayList<>();
        for (World.Call call : harness.world.calls()) {
            if (call.effect().equals("hear") && !call.failed() && call.body() instanceof Map<?, ?> event) {
                heard.add(
                        event.get("run") instanceof Map<?, ?> run
                                ? "run " + run.get("id") + " " + event.get("day")
                                : "day " + event.get("day"));
            }
        }
        return heard;
    }

    private void awaitHeard(List<String> expected) {
        await().atMost(Duration.ofSeconds(30)).until(() -> heard().size() >= expected.size());
        assertThat(heard()).containsExactlyElementsOf(expected);
    }

    /** How far the listener has come is on disk: one that dies before that is told the last ones again. */
    private void awaitKept(LocalDate lastDay) {
        EndedRuns ended = ((SqliteRunStore) harness.store()).betweenRuns().endedRuns();
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            EndedRuns.Reader kept =
                    ended.reader("test", lastDay, clock.instant()).join();
            return ended.after(kept.position(), 1).isEmpty() && kept.lastDay().equals(lastDay);
        });
    }

    @Test
    void eachEndIsToldOnceInOrderAlsoThoseWhileNobodyListened() throws Exception {
        String before = harness.start().run("x").id();
        harness.die();
        listening().start();
        String one = harness.run("x").id();
        String two = harness.run("x").id();
        awaitHeard(List.of("run " + one + " 2026-03-28", "run " + two + " 2026-03-28"));
        awaitKept(LocalDate.parse("2026-03-27"));

        harness.die();
        harness.delete("test/listen.camel.yaml");
        harness.start();
        String three = harness.run("x").id();
        harness.die();
        listening().start();
        awaitHeard(List.of("run " + one + " 2026-03-28", "run " + two + " 2026-03-28", "run " + three + " 2026-03-28"));
        assertThat(heard()).noneMatch(told -> told.contains(before));
    }

    @Test
    void allFinalStatesAreToldAndParkedRunsWhenTheyAreGivenUp() throws Exception {
        listening().start();
        harness.world.on("work", exchange -> {
            throw new IllegalStateException("broken");
        });
        Run parked = harness.run("x");
        assertThat(parked.state()).isEqualTo(RunState.PARKED);
        harness.world.heal("work");
        String good = harness.run("x").id();
        awaitHeard(List.of("run " + good + " 2026-03-28"));
        harness.engine().cancel(parked.id()).get();

        awaitHeard(List.of("run " + good + " 2026-03-28", "run " + parked.id() + " 2026-03-28"));
    }

    @Test
    void aRouteThatFailsIsToldAgain() {
        listening();
        harness.world.on("hear", exchange -> {
            throw new IllegalStateException("deaf");
        });
        harness.start();
        String one = harness.run("x").id();
        await().until(() ->
                harness.world.calls().stream().anyMatch(call -> call.effect().equals("hear") && call.failed()));
        harness.world.heal("hear");

        awaitHeard(List.of("run " + one + " 2026-03-28"));
    }

    @Test
    void aDayIsOverInItsZoneBehindAllItsRunsAndDaysAreMadeUpFor() {
        listening().start();
        String saturday = harness.run("x").id();
        awaitHeard(List.of("run " + saturday + " 2026-03-28"));
        // 23:00 UTC is midnight in Berlin, an hour before the clocks change.
        clock.set(Instant.parse("2026-03-28T23:00:30Z"));
        String sunday = harness.run("x").id();
        awaitHeard(List.of("run " + saturday + " 2026-03-28", "run " + sunday + " 2026-03-29"));
        clock.set(Instant.parse("2026-03-28T23:01:00Z"));
        awaitHeard(List.of("run " + saturday + " 2026-03-28", "run " + sunday + " 2026-03-29", "day 2026-03-28"));
        awaitKept(LocalDate.parse("2026-03-28"));
        harness.die();
        // In summer midnight is at 22:00 UTC.
        clock.set(Instant.parse("2026-03-30T22:01:00Z"));
        harness.start();
        awaitHeard(List.of(
                "run " + saturday + " 2026-03-28",
                "run " + sunday + " 2026-03-29",
                "day 2026-03-28",
                "day 2026-03-29",
                "day 2026-03-30"));
    }

    @Test
    void runsThatGoOnAsFreshOnesAreToldOnceAtTheEndOfTheLast() throws Exception {
        harness.file("test/talk.camel.yaml", RouteHarness.orchestration("talk", "", """
                - step:
                    id: answer
                    steps:
                      - to: effect:answer
                - filter:
                    simple: ${body} != 'bye'
                    steps:
                      - setBody: { constant: bye }
                      - to: runs:continue
                """));
        harness.world.on("answer", exchange -> exchange.getMessage().getBody());
        listening().start();
        String first = harness.begin("talk", "hello", Map.of());
        String last = harness.engine().result(first).get(30, TimeUnit.SECONDS).runId();
        String other = harness.run("x").id();

        awaitHeard(List.of("run " + last + " 2026-03-28", "run " + other + " 2026-03-28"));
        assertThat(last).isNotEqualTo(first);
    }

    @Test
    void itNeedsANameAndAZone() {
        for (String options : List.of("zone=UTC", "name=x", "name=x&zone=Mars")) {
            harness.file("test/listen.camel.yaml", """
                    - route:
                        id: listen
                        from:
                          uri: runs:ended?%s
                          steps:
                            - log: x
                    """.formatted(options));
            harness.load();
            assertThat(harness.problems())
                    .extracting(Problem::what)
                    .singleElement()
                    .asString()
                    .contains("zone");
            harness.die();
        }
    }

    // The daily report.

    private RouteHarness reporting() throws IOException {
        for (String file : List.of(
                "reports/daily-report.camel.yaml",
                "shared/durable.camel.yaml",
                "shared/mail.camel.yaml",
                "kamelets/mail.kamelet.yaml",
                "kamelets/smtp.kamelet.yaml")) {
            String text = Files.readString(Path.of("routes").resolve(file));
            harness.file(
                    file,
                    text.replace(
                            "name: daily-report\n        zone", "name: daily-report\n        delay: 50\n        zone"));
        }
        harness.settings.put("REPORT_ZONE", "Europe/Berlin");
        return harness;
    }

    private List<Run> reports() {
        return harness.store().list(new RunQuery(Optional.of("daily-report"), Optional.empty(), Optional.empty(), 100));
    }

    @SuppressWarnings("unchecked")
    private Map<String, Object> report(String day) {
        await().atMost(Duration.ofSeconds(30))
                .until(() -> reports().stream().anyMatch(run -> ("daily-report/" + day).equals(run.startKey())));
        Run run = reports().stream()
                .filter(one -> ("daily-report/" + day).equals(one.startKey()))
                .findFirst()
                .orElseThrow();
        return (Map<String, Object>) Objects.requireNonNull(harness.output(harness.completed(run.id())));
    }

    @Test
    void theRunsOfADayBecomeOneReportOverRestarts() throws Exception {
        reporting().start();
        for (int run = 0; run < 5; run++) {
            harness.run("x");
        }
        harness.restart();
        harness.world.on("work", exchange -> {
            throw new IllegalStateException("broken on purpose");
        });
        Run failed = harness.run("x");
        harness.engine().deadLetters().giveUp(failed.id()).get();
        harness.run("x");
        harness.world.heal("work");
        clock.set(Instant.parse("2026-03-28T23:01:00Z"));

        Map<String, Object> report = report("2026-03-28");
        assertThat(report)
                .containsEntry("day", "2026-03-28")
                .containsEntry("zone", "Europe/Berlin")
                .containsEntry("runs", 6)
                .containsEntry("failed", 1)
                .containsEntry("parked", Map.of("sync", 1));
        assertThat(report.get("orchestrations"))
                .asString()
                .contains("orchestration=sync", "COMPLETED=5", "FAILED=1", "p50Ms=", failed.id(), "broken on purpose");
        assertThat(String.valueOf(report.get("text")))
                .startsWith("Runs of 2026-03-28 (Europe/Berlin): 6, of them not completed: 1")
                .contains("sync: 5 COMPLETED, 1 FAILED; median ")
                .contains(failed.id() + " FAILED: broken on purpose")
                .endsWith("Parked now: 1 of sync");

        harness.restart();
        clock.set(Instant.parse("2026-03-29T22:01:00Z"));
        assertThat(report("2026-03-29")).containsEntry("runs", 0).containsEntry("orchestrations", List.of());
        assertThat(reports()).hasSize(2);
    }
}
