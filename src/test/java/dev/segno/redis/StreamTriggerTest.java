package dev.segno.redis;

import static dev.segno.redis.RedisSite.soon;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.segno.run.Run;
import dev.segno.run.RunState;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Response;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Entries of streams become runs, once each; one server and one node for all cases, each with a stream of its own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StreamTriggerTest {

    private static final String ECHO = "- setBody: {simple: \"${body}\"}";

    @TempDir
    private static Path directory;

    private RealRedis redis;
    private RedisSite site;

    @BeforeAll
    void start() throws Exception {
        redis = new RealRedis(Files.createDirectories(directory.resolve("redis"))).start();
        redis.ask(Command.XGROUP, "CREATE", "left", "segno", "0", "MKSTREAM");
        redis.add("left", "payload", "{\"n\":1}");
        redis.ask(Command.XREADGROUP, "GROUP", "segno", "the-dead", "STREAMS", "left", ">");
        redis.ask(Command.XGROUP, "CREATE", "late", "others", "0", "MKSTREAM");
        redis.add("late", "payload", "{\"n\":1}");
        Map<String, String> files = new LinkedHashMap<>();
        files.put("plain", RedisSite.stream("plain", "group=segno", "plain-run", ECHO));
        files.put("left", RedisSite.stream("left", "claimIdle=200ms", "left-run", ECHO));
        files.put("late", RedisSite.stream("late", "trim=done", "late-run", ECHO));
        files.put("edited", RedisSite.stream("edited", "group=segno", "edited-run", ECHO));
        files.put("one", RedisSite.stream("one", "batch=5", "one-run", ECHO));
        files.put(
                "mad",
                RedisSite.stream("mad", "maxDeliveries=2&retryDelay=50ms&deadLetter=mad:dead", "mad-run", ECHO)
                        .replace(
                                "to: orchestration:mad-run",
                                "throwException: {exceptionType: java.lang.IllegalStateException, message: \"cannot\"}"));
        files.put("waiting", """
                - route:
                    id: waiting
                    from:
                      uri: orchestration:waiting
                      steps:
                        - to: {id: answer, uri: "await:answered"}
                """);
        files.put("talk", """
                - route:
                    id: hear
                    from:
                      uri: redis-pubsub:news.*
                      steps:
                        - to: orchestration:talk
                - route:
                    id: talk
                    from:
                      uri: orchestration:talk
                      steps:
                        - step: {id: append, steps: [{to: "redis-stream:told"}]}
                        - step: {id: publish, steps: [{to: "redis-pubsub:loud"}]}
                """);
        files.put("heard", """
                - route:
                    id: hear-event
                    from:
                      uri: redis-pubsub:order.told
                      steps:
                        - to: orchestration:heard
                - route:
                    id: heard
                    from:
                      uri: orchestration:heard
                      steps:
                        - step: {id: end, steps: [{setBody: {simple: "${body}"}}]}
                """);
        files.put("tell", """
                - route:
                    id: tell
                    from:
                      uri: orchestration:tell
                      steps:
                        - step: {id: publish, steps: [{to: "control:publish-event?event_type=order.told"}]}
                """);
        site = new RedisSite(
                directory,
                Map.of(
                        "REDIS_HOST", "127.0.0.1",
                        "REDIS_PORT", String.valueOf(redis.port()),
                        "SEGNO_REDIS_SIGNALS", "segno:signals"),
                files);
    }

    @AfterAll
    void stop() {
        site.close();
        redis.close();
    }

    private Run theRun(String orchestration) {
        soon().until(() -> site.runs(orchestration).stream().anyMatch(run -> run.state() == RunState.COMPLETED));
        assertThat(site.runs(orchestration)).hasSize(1);
        return site.runs(orchestration).get(0);
    }

    private JsonNode document(Run run) {
        return site.get("/api/runs/" + run.id());
    }

    @Test
    void anEntryBecomesARunWithItsBodyItsHeadersAndNoControlHeaders() {
        String id = redis.add(
                "plain",
                "payload",
                "{\"n\":7}",
                "region",
                "north",
                "CamelHttpUri",
                "http://evil",
                "SegnoOutcome",
                "busy",
                "authorization",
                "secret");
        Run run = theRun("plain-run");
        assertThat(document(run).at("/input/n").asInt()).isEqualTo(7);
        assertThat(run.startKey()).isEqualTo("plain/" + id);
        assertThat(run.headers()).contains("region").doesNotContain("evil", "busy", "secret");
        soon().untilAsserted(() -> assertThat(redis.pending("plain", "segno")).isZero());

        redis.add("plain", "payload", "{\"n\":8}", "key", "order-8");
        redis.add("plain", "payload", "{\"n\":8}", "key", "order-8");
        redis.add("plain", "payload", "{\"n\":9}", "key", "order-8");
        soon().untilAsserted(() -> assertThat(site.get("/api/dead-letters/messages?source=plain")
                        .path("total")
                        .asInt())
                .isEqualTo(1));
        assertThat(site.runs("plain-run")).as("the same key is the same run").hasSize(2);
        JsonNode refused = site.get("/api/dead-letters/messages?source=plain").at("/messages/0");
        assertThat(refused.path("step").asText()).isEqualTo("start");
        assertThat(refused.path("message").asText()).contains("began with another body");
        assertThat(site.state("plain").path("status").asText()).isEqualTo("reading");
    }

    @Test
    void whatADeadConsumerHadInHandIsClaimed() {
        assertThat(document(theRun("left-run")).at("/input/n").asInt()).isEqualTo(1);
        soon().untilAsserted(() -> assertThat(redis.pending("left", "segno")).isZero());
    }

    @Test
    void whatWasAddedBeforeTheFirstStartIsReadAndWhatIsDoneIsTrimmed() {
        theRun("late-run");
        redis.add("late", "payload", "{\"n\":2}");
        soon().until(() -> site.runs("late-run").size() == 2);
        assertThat(redis.ask(Command.XLEN, "late").toInteger())
                .as("another group has read nothing yet")
                .isEqualTo(2);
        redis.ask(Command.XGROUP, "DESTROY", "late", "others");
        soon().untilAsserted(() ->
                assertThat(redis.ask(Command.XLEN, "late").toInteger()).isZero());
    }

    @Test
    void aRouteThatIsEditedGoesOnReadingAndNothingIsReadTwice() throws Exception {
        for (int version = 0; version < 4; version++) {
            for (int n = 0; n < 10; n++) {
                redis.add("edited", "payload", "{\"n\":" + (version * 10 + n) + "}");
            }
            site.save(
                    "edited",
                    RedisSite.stream(
                            "edited", "group=segno", "edited-run", "- setBody: {constant: \"" + version + "\"}"));
        }
        soon().untilAsserted(() -> assertThat(site.runs("edited-run")).hasSize(40));
        soon().untilAsserted(() -> assertThat(redis.pending("edited", "segno")).isZero());
        assertThat(site.runs("edited-run")).extracting(Run::startKey).doesNotHaveDuplicates();
    }

    @Test
    void aDisabledOrchestrationIsWaitedForAndNothingIsLost() throws Exception {
        assertThat(site.post("/api/orchestrations/one-run/disable", "").status())
                .isEqualTo(200);
        for (int n = 0; n < 12; n++) {
            redis.add("one", "payload", "{\"n\":" + n + "}");
        }
        soon().untilAsserted(() ->
                assertThat(site.state("one").path("status").asText()).isEqualTo("waiting"));
        assertThat(site.state("one").path("why").asText()).contains("disabled");
        assertThat(redis.pending("one", "segno")).as("no more are read").isBetween(1L, 5L);
        assertThat(site.post("/api/orchestrations/one-run/enable", "").status()).isEqualTo(200);
        soon().until(() -> site.runs("one-run").size() == 12);
        soon().untilAsserted(() -> assertThat(redis.pending("one", "segno")).isZero());
    }

    @Test
    void whatNeverGoesWellIsRefusedAfterItsDeliveriesWithACopyInTheDeadLetterStream() {
        String id = redis.add("mad", "payload", "{\"n\":1}", "region", "north");
        soon().untilAsserted(() -> assertThat(site.get("/api/dead-letters/messages?source=mad")
                        .path("total")
                        .asInt())
                .isEqualTo(1));
        JsonNode message = site.get("/api/dead-letters/messages?source=mad").at("/messages/0");
        assertThat(message.path("messageId").asText()).isEqualTo(id);
        assertThat(message.path("deliveries").asInt()).isEqualTo(2);
        assertThat(message.path("message").asText()).isEqualTo("cannot");
        assertThat(message.at("/fields/region").asText()).isEqualTo("north");
        Response copy = redis.ask(Command.XRANGE, "mad:dead", "-", "+").get(0).get(1);
        assertThat(copy.stream().map(String::valueOf)).contains("dead-letter-cause", "cannot", "dead-letter-entry", id);
        soon().untilAsserted(() -> assertThat(redis.pending("mad", "segno")).isZero());
    }

    @Test
    void R19_aSignalByStreamComesOnceAndOneForNobodyIsRefused() throws Exception {
        String run = site.post("/api/orchestrations/waiting/runs", "")
                .body()
                .path("id")
                .asText();
        redis.add("segno:signals", "run", run, "name", "other", "key", "a", "body", "{\"ok\":false}");
        redis.add("segno:signals", "run", run, "name", "answered", "key", "b", "body", "{\"ok\":true}");
        redis.add("segno:signals", "run", run, "name", "answered", "key", "b", "body", "{\"ok\":\"twice\"}");
        Run done = theRun("waiting");
        assertThat(document(done).at("/output/ok").asBoolean()).isTrue();
        redis.add("segno:signals", "run", "01ARZ3NDEKTSV4RRFFQ69G5FAV", "name", "answered");
        redis.add("segno:signals", "name", "answered");
        soon().until(() -> site.get("/api/dead-letters/messages?source=segno:signals")
                        .path("total")
                        .asInt()
                >= 2);
        assertThat(site.get("/api/dead-letters/messages?source=segno:signals").findValuesAsText("message"))
                .anyMatch(text -> text.contains("01ARZ3NDEKTSV4RRFFQ69G5FAV"))
                .anyMatch(text -> text.contains("Field run is missing"));
    }

    @Test
    void aChannelIsHeardAndAStepAppendsWithItsKey() throws IOException {
        soon().until(() -> redis.ask(Command.PUBLISH, "news.today", "{\"n\":3}").toInteger() > 0);
        Run run = theRun("talk");
        assertThat(document(run).at("/input/n").asInt()).isEqualTo(3);
        List<String> entry = redis.ask(Command.XRANGE, "told", "-", "+").get(0).get(1).stream()
                .map(String::valueOf)
                .toList();
        assertThat(entry).containsExactly("payload", "{\"n\":3}", "key", run.id() + "/append");
    }

    @Test
    void anEventGoesToItsChannelAsItIsOnRecord() throws Exception {
        soon().until(() -> redis.ask(Command.PUBLISH, "order.told", "{\"event_id\":\"none\"}")
                        .toInteger()
                > 0);
        site.post("/api/orchestrations/tell/runs", "{\"n\":4}");
        assertThat(document(theRun("tell")).path("output").path("status").asText())
                .isEqualTo("published");
        JsonNode events = site.get("/api/events?type=order.told").path("events");
        assertThat(events).hasSize(1);
        String id = events.at("/0/event_id").asText();
        soon().untilAsserted(() -> assertThat(site.runs("heard").stream()
                        .map(run -> document(run).path("input"))
                        .filter(heard -> heard.path("event_id").asText().equals(id)))
                .singleElement()
                .satisfies(heard -> {
                    assertThat(heard.path("event_type").asText()).isEqualTo("order.told");
                    assertThat(heard.path("n").asInt()).isEqualTo(4);
                    assertThat(heard.at("/payload/n").asInt()).isEqualTo(4);
                }));
    }
}
