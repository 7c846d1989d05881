package dev.segno.redis;

import static dev.segno.redis.RedisSite.soon;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.segno.crash.Chaos;
import dev.segno.run.Run;
import dev.segno.run.RunQuery;
import dev.segno.run.RunState;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Messages that cannot be worked off do not stop the others, are kept with what is wrong, and go well after the fix. */
class PoisonMessagesTest {

    private static final int MESSAGES = Chaos.number("segno.chaos.redis.stream", 1_000);
    private static final int POISON = Chaos.number("segno.chaos.redis.poison", 10);
    private static final Duration ALL_DONE = Duration.ofSeconds(30L + MESSAGES / 50);

    /** Counting reads all runs. */
    private static final Duration COUNTED_EVERY = Duration.ofMillis(20L + MESSAGES / 50);

    private static final String BROKEN = "{broken";

    /** Refuses a body without a region, and parks a run whose region is wrong. */
    private static final String ROUTES = """
            - route:
                id: read
                from:
                  uri: redis-stream:orders?group=segno&batch=200&maxDeliveries=2&retryDelay=100ms
                  steps:
                    - to: orchestration:order
            - route:
                id: order
                from:
                  uri: orchestration:order
                  parameters:
                    maxConcurrent: 64
                    concurrencyKey: ${body[region]}
                  steps:
                    - step:
                        id: book
                        steps:
                          - choice:
                              when:
                                - simple: ${body[region]} == 'nowhere'
                                  steps:
                                    - throwException:
                                        exceptionType: java.lang.IllegalArgumentException
                                        message: nobody lives there
            """;

    private static final String FIXED = ROUTES.replace("maxDeliveries=2", "maxDeliveries=2&body=text")
            .replace("concurrencyKey: ${body[region]}", "concurrencyKey: all")
            .replace("${body[region]} == 'nowhere'", "${body} == 'nothing at all'");

    @TempDir
    private Path directory;

    /** What is wrong with a message; every third kind of poison in turn. */
    private static String body(int number) {
        int distance = MESSAGES / POISON;
        if (number % distance != distance / 2) {
            return "{\"n\":" + number + ",\"region\":\"r" + number % 5 + "\"}";
        }
        return switch (number / distance % 3) {
            case 0 -> BROKEN;
            case 1 -> "{\"n\":" + number + "}";
            default -> "{\"n\":" + number + ",\"region\":\"nowhere\"}";
        };
    }

    private static void fill(RealRedis redis) {
        List<Request> requests = new ArrayList<>();
        for (int number = 0; number < MESSAGES; number++) {
            requests.add(Request.cmd(Command.XADD)
                    .arg("orders")
                    .arg("*")
                    .arg("payload")
                    .arg(body(number)));
            if (requests.size() == 500 || number == MESSAGES - 1) {
                redis.askAll(List.copyOf(requests));
                requests.clear();
            }
        }
    }

    @Test
    void R12_goodOnesAreDoneBadOnesAreKeptAndGoWellAfterTheFix() throws Exception {
        try (RealRedis redis = new RealRedis(Files.createDirectories(directory.resolve("redis"))).start()) {
            fill(redis);
            try (RedisSite site = new RedisSite(
                    directory,
                    Map.of("REDIS_HOST", "127.0.0.1", "REDIS_PORT", String.valueOf(redis.port())),
                    Map.of("orders", ROUTES))) {
                long parked = count(2);
                long refused = POISON - parked;
                soon().atMost(ALL_DONE)
                        .pollInterval(COUNTED_EVERY)
                        .until(() -> site.runs("order").stream()
                                        .filter(run -> run.state() == RunState.COMPLETED)
                                        .count()
                                == MESSAGES - POISON);
                soon().until(() ->
                        site.get("/api/redis").path("refusedMessages").asLong() == refused);
                soon().until(() -> dead(site).size() == parked);
                assertThat(redis.pending("orders", "segno")).isZero();
                causes(site);
                System.out.println("R12: " + MESSAGES + " messages, " + POISON + " of them poison: "
                        + (MESSAGES - POISON) + " runs completed, " + parked + " parked, " + refused
                        + " messages refused");

                site.save("orders", FIXED);
                for (Run run : dead(site)) {
                    assertThat(site.post("/api/runs/" + run.id() + "/retry?version=newest", "")
                                    .status())
                            .isEqualTo(200);
                }
                JsonNode retried;
                do {
                    retried = site.post("/api/dead-letters/messages/retry", "{\"source\":\"orders\"}")
                            .body();
                    assertThat(retried.path("results"))
                            .isNotEmpty()
                            .allSatisfy(result -> assertThat(result.path("done").asBoolean())
                                    .as(result.toString())
                                    .isTrue());
                } while (retried.path("left").asInt() > 0);
                soon().atMost(ALL_DONE)
                        .pollInterval(COUNTED_EVERY)
                        .until(() -> site.runs("order").stream()
                                        .filter(run -> run.state() == RunState.COMPLETED)
                                        .count()
                                == MESSAGES);
                assertThat(site.runs("order")).hasSize(MESSAGES);
                assertThat(dead(site)).isEmpty();
                assertThat(site.get("/api/dead-letters/messages").path("total").asInt())
                        .isZero();
            }
        }
    }

    private static long count(int kind) {
        int distance = MESSAGES / POISON;
        return java.util.stream.IntStream.range(0, POISON)
                .filter(poison -> ((poison * distance + distance / 2) / distance) % 3 == kind)
                .count();
    }

    private static List<Run> dead(RedisSite site) {
        List<Run> parked = new ArrayList<>();
        Optional<String> before = Optional.empty();
        List<Run> page;
        do {
            page = site.store()
                    .list(new RunQuery(Optional.of("order"), Optional.of(RunState.PARKED), before, RunQuery.MAX_LIMIT));
            parked.addAll(page);
            before = page.isEmpty()
                    ? Optional.empty()
                    : Optional.of(page.get(page.size() - 1).id());
        } while (page.size() == RunQuery.MAX_LIMIT);
        return parked;
    }

    private static void causes(RedisSite site) {
        JsonNode messages = site.get("/api/dead-letters/messages?limit=2").path("messages");
        assertThat(messages.get(0).path("step").asText()).isEqualTo("read");
        assertThat(messages.get(0).path("message").asText()).contains("not valid JSON");
        assertThat(messages.get(0).at("/fields/payload").asText()).isEqualTo(BROKEN);
        assertThat(messages.get(1).path("step").asText()).isEqualTo("start");
        assertThat(messages.get(1).path("message").asText()).contains("concurrencyKey");
        assertThat(dead(site)).allSatisfy(run -> {
            JsonNode error = site.get("/api/runs/" + run.id()).path("error");
            assertThat(error.path("step").asText()).isEqualTo("book");
            assertThat(error.path("message").asText()).isEqualTo("nobody lives there");
        });
    }
}
