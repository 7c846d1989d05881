package dev.segno.redis;

import static dev.segno.redis.RedisSite.soon;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.segno.crash.Chaos;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Redis goes away and comes back under messages; once it comes back with nothing. */
class RedisRestartsTest {

    private static final int RESTARTS = Chaos.number("segno.chaos.redis.restarts", 3);
    private static final int MESSAGES = Chaos.number("segno.chaos.redis.messages", 300);
    private static final int LOST = 30;
    private static final Duration ALL_DONE = Duration.ofSeconds(30L + MESSAGES / 20);

    @TempDir
    private Path directory;

    /** A sender that gets no answer sends again; the key makes that one message. */
    private static void send(RealRedis redis, int number) {
        String key = "m" + number;
        String body = "{\"n\":" + number + "}";
        try {
            redis.add("orders", "payload", body, "key", key);
        } catch (IllegalStateException e) {
            soon().ignoreExceptions()
                    .until(() ->
                            !redis.add("orders", "payload", body, "key", key).isEmpty());
        }
    }

    @Test
    void R5_asManyRunsAsMessagesWhateverBecomesOfRedis() throws Exception {
        Random random = Chaos.random("redis-restarts");
        Set<Integer> moments = new HashSet<>();
        while (moments.size() < RESTARTS) {
            moments.add(1 + random.nextInt(MESSAGES - 1));
        }
        int flush = MESSAGES / 2;
        try (RealRedis redis = new RealRedis(Files.createDirectories(directory.resolve("redis")));
                RedisSite site = new RedisSite(
                        directory,
                        Map.of("SEGNO_REDIS_URL", "redis://127.0.0.1:" + redis.port()),
                        Map.of(
                                "orders",
                                RedisSite.stream(
                                        "orders",
                                        "group=segno&retryDelay=100ms&trim=done",
                                        "order",
                                        "- setBody: {simple: \"${body}\"}")))) {
            // The node is up before Redis is.
            assertThat(site.get("/api/redis").path("up").asBoolean()).isFalse();
            soon().until(() -> site.state("orders").path("status").asText().equals("down")
                    && !site.state("orders").path("why").isNull());
            redis.start();
            for (int number = 0; number < MESSAGES; number++) {
                send(redis, number);
                if (moments.contains(number)) {
                    redis.kill();
                    redis.start();
                }
                if (number == flush) {
                    flush(redis, site);
                }
            }
            soon().atMost(ALL_DONE)
                    .pollInterval(Duration.ofMillis(20L + MESSAGES / 50))
                    .until(() -> site.runs("order").size() >= MESSAGES);
            soon().until(() -> redis.pending("orders", "segno") == 0);
            List<Integer> numbers = numbers(site);
            System.out.println("R5: " + RESTARTS + " restarts of Redis, " + MESSAGES + " messages, " + numbers.size()
                    + " runs; " + LOST + " messages flushed before they could be read, told as "
                    + site.state("orders").path("losses") + " loss");
            assertThat(numbers)
                    .containsExactlyInAnyOrderElementsOf(
                            IntStream.range(0, MESSAGES).boxed().toList());
            assertThat(site.get("/api/redis").path("refusedMessages").asInt()).isZero();
            JsonNode state = site.state("orders");
            assertThat(state.path("losses").asInt()).isEqualTo(1);
            assertThat(state.at("/lastLoss/lastId").asText()).contains("-");
            assertThat(state.path("status").asText()).isEqualTo("reading");
            soon().until(() -> site.get("/api/redis").path("up").asBoolean());
        }
    }

    /** Nothing is under way; messages come and everything is flushed, before anybody could read them. */
    private static void flush(RealRedis redis, RedisSite site) {
        // Until it has been read for the first time there is no group.
        soon().ignoreExceptions()
                .until(() -> redis.pending("orders", "segno") == 0
                        && redis.ask(Command.XLEN, "orders").toInteger() == 0);
        List<Request> requests = new ArrayList<>();
        requests.add(Request.cmd(Command.MULTI));
        for (int lost = 0; lost < LOST; lost++) {
            requests.add(Request.cmd(Command.XADD)
                    .arg("orders")
                    .arg("*")
                    .arg("payload")
                    .arg("{\"n\":-1}"));
        }
        requests.add(Request.cmd(Command.FLUSHALL));
        requests.add(Request.cmd(Command.EXEC));
        redis.askAll(requests);
        soon().until(() -> site.state("orders").path("losses").asInt() == 1);
    }

    /** The message of each run, by the key that its sender gave it. */
    private static List<Integer> numbers(RedisSite site) {
        return site.runs("order").stream()
                .map(run -> Integer.valueOf(String.valueOf(run.startKey()).replace("orders/m", "")))
                .toList();
    }
}
