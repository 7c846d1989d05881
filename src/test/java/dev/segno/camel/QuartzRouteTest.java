package dev.segno.camel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segno.camel.yaml.Problem;
import dev.segno.trigger.Fire;
import dev.segno.trigger.MisfirePolicy;
import dev.segno.trigger.OverlapRule;
import dev.segno.trigger.Schedule;
import dev.segno.trigger.ScheduleView;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code quartz:} as it is written in route files, and what comes of a route that is stopped. */
class QuartzRouteTest extends RouteTest {

    private static final String STEP = """
            - step:
                id: say
                steps:
                  - setBody: {simple: "${header.triggerName} at ${header.scheduledFireTime}"}
            """;

    /** An orchestration, and in the same file a schedule that starts it. */
    private RouteHarness scheduled(String uri) {
        return harness.sync(STEP, trigger("nightly", uri));
    }

    private static String trigger(String id, String uri) {
        return """

                - route:
                    id: %s
                    from:
                      uri: %s
                      steps:
                        - to: orchestration:sync
                """.formatted(id, uri);
    }

    private Schedule schedule(String name) {
        return harness.schedules().find(name, 1, 1).orElseThrow().schedule();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "cron=0+0+2+*+*+?                                             | FIRE_ONCE | SKIP  | 0 0 2 * * ? | UTC",
                "cron=0+0+2+?+*+MON-FRI&trigger.timeZone=Australia/Sydney     | FIRE_ONCE | SKIP  | 0 0 2 ? * MON-FRI | Australia/Sydney",
                "cron=0+0+2+*+*+?&misfire=skip&overlap=queue                  | SKIP      | QUEUE | 0 0 2 * * ? | UTC",
                "cron=0+0+2+*+*+?&misfire=catch-up&overlap=allow              | CATCH_UP  | ALLOW | 0 0 2 * * ? | UTC",
                "cron=0+0+2+*+*+?&trigger.misfireInstruction=2                | SKIP      | SKIP  | 0 0 2 * * ? | UTC",
                "cron=0+0+2+*+*+?&trigger.misfireInstruction=-1               | CATCH_UP  | SKIP  | 0 0 2 * * ? | UTC",
                "cron=0+0+2+*+*+?&trigger.misfireInstruction=1                | FIRE_ONCE | SKIP  | 0 0 2 * * ? | UTC"
            })
    void optionsAreTakenFromTheUri(
            String options, MisfirePolicy misfire, OverlapRule overlap, String expression, String zone) {
        scheduled("quartz:night?" + options).start();

        Schedule schedule = schedule("night");
        assertThat(schedule.misfire()).isEqualTo(misfire);
        assertThat(schedule.overlap()).isEqualTo(overlap);
        assertThat(schedule.cron().expression()).isEqualTo(expression);
        assertThat(schedule.cron().zone().getId()).isEqualTo(zone);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "quartz:night                                            | needs the option cron",
                "quartz:night?trigger.repeatInterval=1000                | has no option 'trigger.repeatInterval'",
                "quartz:night?cron=daily                                 | 'daily' is no cron expression",
                "quartz:night?cron=0+2+*+*+*                             | is no cron expression",
                "quartz:night?cron=0+0+2+*+*+?&trigger.timeZone=Mars     | 'Mars' is no time zone",
                "quartz:night?cron=off&trigger.timeZone=Mars             | 'Mars' is no time zone",
                "quartz:night?cron=0+0+2+*+*+?&misfire=sometimes         | fire-once, skip, catch-up",
                "quartz:night?cron=0+0+2+*+*+?&overlap=never             | skip, queue, allow",
                "quartz:night?cron=0+0+2+*+*+?&trigger.misfireInstruction=7 | 1 (fire once), 2 (skip) or -1 (catch up)",
                "quartz:night?cron=0+0+2+*+*+?&customCalendar=holidays   | has no option 'customCalendar'"
            })
    void whatItCannotDoIsRefusedWithItsPlace(String uri, String message) {
        scheduled(uri).load();

        assertThat(harness.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.isError()).isTrue();
            assertThat(problem.file()).isEqualTo("test/sync.camel.yaml");
            assertThat(problem.what()).contains(message);
        });
        assertThat(harness.schedules().list()).isEmpty();
    }

    @Test
    void twoFilesCannotDefineOneSchedule() {
        scheduled("quartz:night?cron=0+0+2+*+*+?")
                .file(
                        "test/twin.camel.yaml",
                        trigger("twin", "quartz:night?cron=0+0+3+*+*+?").strip());
        harness.load();

        assertThat(harness.problems())
                .extracting(Problem::what)
                .singleElement()
                .asString()
                .contains("'night' is defined by route nightly of test/sync");
        assertThat(schedule("night").cron().expression()).isEqualTo("0 0 2 * * ?");
    }

    @Test
    void aFireStartsARunThatKnowsItsTime() throws Exception {
        scheduled("quartz:night?cron=0+0+2+*+*+?").start();
        harness.schedules().begin();

        Fire fire = harness.schedules().trigger("night").get(30, TimeUnit.SECONDS);

        String run = String.valueOf(fire.runId());
        assertThat(harness.output(harness.completed(run))).isEqualTo("night at " + fire.at());
        assertThat(harness.stored(run).startKey()).isEqualTo(fire.startKey());
    }

    @Test
    void aRouteThatIsStoppedHasNoScheduleAndOneThatIsStartedAgainHas() throws Exception {
        scheduled("quartz:night?cron=0+0+2+*+*+?").start();
        harness.schedules().begin();
        String route = harness.runtime().context().getRoutes().stream()
                .map(org.apache.camel.Route::getRouteId)
                .filter(id -> id.startsWith("nightly@"))
                .findFirst()
                .orElseThrow();

        harness.runtime().context().getRouteController().stopRoute(route);
        assertThat(harness.schedules().find("night", 1, 1)).isEmpty();
        harness.runtime().context().getRouteController().startRoute(route);
        assertThat(harness.schedules().find("night", 1, 1))
                .map(ScheduleView::paused)
                .contains(false);
    }

    @Test
    void aRouteLooksAtSchedules() {
        scheduled("quartz:night?cron=0+0+2+*+*+?&trigger.timeZone=Europe/Berlin")
                .file("test/look.camel.yaml", RouteHarness.orchestration("look", "", """
                        - step:
                            id: look
                            steps:
                              - to: schedules:night
                        - setVariable:
                            name: night
                            jq: .schedule.zone + " " + (.schedule.paused | tostring)
                        - step:
                            id: miss
                            steps:
                              - to: schedules:nobody
                        - setBody:
                            jq: var("night") + " " + (.found | tostring)
                        """));
        harness.start();

        String run = harness.begin("look", null, Map.of());

        assertThat(harness.output(harness.completed(run))).isEqualTo("Europe/Berlin false false");
    }
}
