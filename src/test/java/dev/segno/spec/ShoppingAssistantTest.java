package dev.segno.spec;

import static net.javacrumbs.jsonunit.assertj.JsonAssertions.assertThatJson;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The shopping assistant's contract, over HTTP, by the numbers of its cases. */
class ShoppingAssistantTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String DELL = "laptop under $1000 from Dell";

    @TempDir
    private static Path directory;

    private static ShoppingNode node;

    @BeforeAll
    static void start() throws Exception {
        node = ShoppingNode.start(directory.resolve("data"), Map.of());
    }

    @AfterAll
    static void stop() {
        if (node != null) {
            node.close();
        }
    }

    @BeforeEach
    void calm() throws Exception {
        node.calm();
    }

    private static JsonNode ok(JsonClient.Reply reply) {
        assertThat(reply.status()).as(reply.body().toString()).isEqualTo(200);
        return reply.body();
    }

    private static JsonNode state(JsonNode turn, String state) {
        assertThat(turn.path("state").asText()).as(turn.toString()).isEqualTo(state);
        return turn;
    }

    private static void refused(JsonClient.Reply reply, int status) {
        assertThat(reply.status()).as(reply.body().toString()).isEqualTo(status);
        assertThat(reply.body().path("error").asText()).isNotEmpty();
    }

    private static List<JsonNode> list(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false).toList();
    }

    private static List<String> states(String session) throws Exception {
        return list(node.session(session).path("history")).stream()
                .map(entry -> entry.path("state").asText())
                .toList();
    }

    @Test
    void SA_01_healthIsExactlyThis() throws Exception {
        JsonClient.Reply health = node.http().get("/health");

        assertThat(health.status()).isEqualTo(200);
        assertThat(health.body()).isEqualTo(JsonClient.parse("{\"status\":\"ok\"}"));
    }

    @Test
    void SA_02_aSearchFindsWhatItsMessageAsksFor() throws Exception {
        JsonNode turn = state(ok(node.search("sa2", DELL)), "COMPLETED");

        assertThat(turn.path("status").asText()).isEqualTo("completed");
        assertThat(turn.path("session_id").asText()).matches("sess_[0-9a-f]{12}");
        assertThat(turn.path("request_id").asText()).startsWith("req-");
        JsonNode spec = turn.path("requirement_spec");
        assertThat(spec.path("product_type").asText()).isEqualTo("laptop");
        assertThat(spec.at("/price/max").asInt()).isEqualTo(1000);
        assertThatJson(spec.path("brand_preferences")).isEqualTo("['Dell']");
        List<JsonNode> products = list(turn.at("/results/products"));
        assertThat(products).hasSizeBetween(1, 10).allSatisfy(product -> {
            assertThat(product.path("price").asDouble()).isBetween(1.0, 1000.0);
            assertThat(product.path("title").asText()).startsWith("Dell laptop");
            assertThat(product.path("why_ranked").asText()).isNotEmpty();
        });
        assertThat(turn.at("/results/total_count").asInt()).isGreaterThan(10);
        assertThat(turn.path("message").asText()).isNotEmpty();
        assertThat(turn.path("error").isNull()).isTrue();
        List<JsonNode> calls = node.catalog().calls("/search");
        assertThat(calls)
                .extracting(call -> call.at("/body/marketplaces/0").asText())
                .containsExactlyInAnyOrder("amazon", "walmart", "ebay", "kroger", "target");
        assertThat(products)
                .extracting(product -> product.path("product_id").asText())
                .containsExactlyElementsOf(ranked(calls));
        assertThat(calls)
                .allSatisfy(call -> assertThat(call.path("key").asText())
                        .startsWith(turn.path("request_id").asText().substring("req-".length())));
    }

    /** What the catalog found for these searches, in the order of the contract's rule, worked out once more. */
    private static List<String> ranked(List<JsonNode> searches) throws Exception {
        List<JsonNode> found = new ArrayList<>();
        for (JsonNode search : searches) {
            list(node.catalog()
                            .post("/search", search.path("body").toString())
                            .body()
                            .path("products"))
                    .stream()
                    .filter(product -> product.path("price").isNumber())
                    .forEach(found::add);
        }
        ToDoubleFunction<JsonNode> price = within(found, "price");
        ToDoubleFunction<JsonNode> rating = within(found, "rating");
        return found.stream()
                .sorted(Comparator.comparingDouble((JsonNode product) ->
                                -0.4 * (1 - price.applyAsDouble(product)) - 0.6 * rating.applyAsDouble(product))
                        .thenComparing(product -> -product.path("review_count").asInt())
                        .thenComparing(product -> product.path("product_id").asText()))
                .limit(10)
                .map(product -> product.path("product_id").asText())
                .toList();
    }

    /** Where a product lies between the lowest and the highest, 0 to 1; 0 for one that has nothing there. */
    private static ToDoubleFunction<JsonNode> within(List<JsonNode> products, String field) {
        DoubleSummaryStatistics all = products.stream()
                .map(product -> product.path(field))
                .filter(JsonNode::isNumber)
                .mapToDouble(JsonNode::asDouble)
                .summaryStatistics();
        return product -> product.path(field).isNumber()
                ? (product.path(field).asDouble() - all.getMin()) / (all.getMax() - all.getMin())
                : 0;
    }

    @Test
    void SA_03_SA_04_aVagueMessageIsAskedBackAndTheAnswerGoesOnWithIt() throws Exception {
        JsonNode asked = state(ok(node.search("sa3", "headphones")), "CLARIFICATION");

        assertThat(asked.path("status").asText()).isEqualTo("processing");
        assertThat(asked.at("/clarification/question").asText()).endsWith("?");
        assertThat(asked.at("/clarification/round").asInt()).isEqualTo(1);
        assertThat(asked.at("/clarification/max_rounds").asInt()).isEqualTo(2);
        assertThat(node.catalog().calls("/search")).isEmpty();
        String id = asked.path("session_id").asText();
        JsonNode session = node.session(id);
        assertThat(session.path("state").asText()).isEqualTo("CLARIFICATION");
        assertThat(session.path("workflow_stage").asText()).isEqualTo("clarification");
        assertThat(session.path("clarification")).isEqualTo(asked.path("clarification"));

        JsonNode answered = state(ok(node.clarify(id, "under 200 dollars")), "COMPLETED");

        assertThat(answered.path("request_id")).isEqualTo(asked.path("request_id"));
        assertThat(answered.at("/requirement_spec/product_type").asText()).isEqualTo("headphones");
        assertThat(answered.at("/requirement_spec/price/max").asInt()).isEqualTo(200);
        assertThat(answered.path("clarification").isNull()).isTrue();
        assertThat(node.session(id).path("clarification_count").asInt()).isEqualTo(1);
        assertThat(states(id))
                .containsExactly(
                        "INITIAL",
                        "REQUIREMENT_BUILDING",
                        "CLARIFICATION",
                        "REQUIREMENT_BUILDING",
                        "SEARCHING",
                        "RANKING",
                        "COMPLETED");
    }

    @Test
    void SA_05_afterTwoVagueAnswersItSearchesAllTheSame() throws Exception {
        JsonNode first = state(ok(node.search("sa5", "headphones")), "CLARIFICATION");
        String id = first.path("session_id").asText();
        JsonNode second = state(ok(node.clarify(id, "I don't know")), "CLARIFICATION");
        assertThat(second.at("/clarification/round").asInt()).isEqualTo(2);
        assertThat(second.at("/clarification/question")).isNotEqualTo(first.at("/clarification/question"));

        JsonNode done = state(ok(node.clarify(id, "whatever")), "COMPLETED");

        assertThat(done.at("/results/products")).isNotEmpty();
        assertThat(done.path("clarification").isNull()).isTrue();
        assertThat(node.session(id).path("clarification_count").asInt()).isEqualTo(2);
        assertThat(states(id)).filteredOn("CLARIFICATION"::equals).hasSize(2);
        assertThat(node.catalog().calls("/search")).hasSize(5);
    }

    @Test
    void SA_06_whatIsNoMessageIsRefusedWithItsField() throws Exception {
        List<String> bodies = List.of(
                "{\"user_id\":\"sa6\"}",
                ShoppingNode.body("sa6", "   ", ""),
                ShoppingNode.body("sa6", "x".repeat(5001), ""),
                ShoppingNode.body("sa6", "this", ",\"media\":[{\"media_type\":\"pdf\",\"s3_key\":\"k\"}]"));
        List<String> fields = List.of("message", "message", "message", "media.0.media_type");
        for (String path : List.of("/api/v1/search", "/api/v1/chat")) {
            for (int i = 0; i < bodies.size(); i++) {
                JsonClient.Reply reply = node.http().post(path, bodies.get(i));
                refused(reply, 400);
                assertThat(reply.body().at("/details/fields").has(fields.get(i)))
                        .as(reply.body().toString())
                        .isTrue();
            }
        }
        assertThat(node.http().post("/api/v1/search", "{").body().has("error")).isTrue();
        assertThat(node.catalog().calls("/search")).isEmpty();
        assertThat(ok(node.search("sa6", DELL + " ".repeat(200) + "x".repeat(4700)))
                        .path("state")
                        .asText())
                .isEqualTo("COMPLETED");
    }

    @Test
    void SA_07_anUnknownSessionIs404() throws Exception {
        JsonClient.Reply got = node.http().get("/api/v1/sessions/nope");
        refused(got, 404);
        assertThat(got.body()).isEqualTo(JsonClient.parse("{\"error\":\"Session not found\"}"));
        assertThat(node.clarify("nope", "under 200").body()).isEqualTo(got.body());
        refused(node.clarify("nope", "under 200"), 404);
        refused(node.http().post("/api/v1/sessions/nope/cancel", ""), 404);
        refused(node.http().get("/api/v1/sessions/nope/events"), 404);
    }

    @Test
    void SA_08_anAnswerNobodyAskedForIs409WithTheState() throws Exception {
        String id = ok(node.search("sa8", DELL)).path("session_id").asText();

        JsonClient.Reply reply = node.clarify(id, "under 200");

        refused(reply, 409);
        assertThat(reply.body().at("/details/state").asText()).isEqualTo("COMPLETED");
        refused(node.clarify(id, "  "), 400);
    }

    @Test
    void theSameAnswerToTheSameQuestionAgainIsTheSameAnswer() throws Exception {
        JsonNode asked = state(ok(node.search("again", "headphones")), "CLARIFICATION");
        String path = "/api/v1/sessions/" + asked.path("session_id").asText() + "/clarify";
        String answer =
                "{\"answer\":\"under 200\",\"clarification_id\":" + asked.at("/clarification/clarification_id") + "}";
        JsonNode first = state(ok(node.http().post(path, answer)), "COMPLETED");
        int calls = node.catalog().calls("/search").size();

        assertThat(ok(node.http().post(path, answer))).isEqualTo(first);
        refused(node.http().post(path, answer.replace("200", "300")), 409);
        assertThat(node.catalog().calls("/search")).hasSize(calls);
    }

    @Test
    void SA_09_whatIsSaidOrShownIsPartOfTheMessage() throws Exception {
        JsonNode heard = state(
                ok(
                        node.http()
                                .post(
                                        "/api/v1/search",
                                        ShoppingNode.body(
                                                "sa9",
                                                "this",
                                                ",\"media\":[{\"media_type\":\"audio\",\"s3_key\":\"say:running shoes under 90\"}]"))),
                "COMPLETED");
        assertThat(heard.at("/requirement_spec/product_type").asText()).isEqualTo("running shoes");
        assertThat(heard.at("/requirement_spec/price/max").asInt()).isEqualTo(90);
        String id = heard.path("session_id").asText();
        assertThat(states(id)).startsWith("INITIAL", "MEDIA_PROCESSING", "REQUIREMENT_BUILDING");
        assertThat(node.session(id).path("transcript").asText()).isEqualTo("running shoes under 90");
        assertThat(node.media().calls("/transcribe")).hasSize(1);
        node.media().reset();

        JsonNode seen = state(
                ok(node.http()
                        .post(
                                "/api/v1/search",
                                ShoppingNode.body(
                                        "sa9",
                                        "like this",
                                        ",\"media\":[{\"media_type\":\"image\",\"s3_key\":\"label:red-shoes\"}]"))),
                "COMPLETED");
        assertThat(seen.at("/requirement_spec/product_type").asText()).isEqualTo("shoes");
        assertThat(seen.at("/requirement_spec/attributes/color").asText()).isEqualTo("red");
        assertThat(states(seen.path("session_id").asText()))
                .startsWith("INITIAL", "MEDIA_PROCESSING", "REQUIREMENT_BUILDING");
        assertThat(node.session(seen.path("session_id").asText())
                        .at("/image_attributes/0/labels/0")
                        .asText())
                .isEqualTo("red-shoes");
        assertThat(node.media().calls("/extract-image-attributes")).hasSize(1);
        assertThat(node.media().calls("/transcribe")).isEmpty();
    }

    @Test
    void anAnswerMayBeSpokenToo() throws Exception {
        JsonNode asked = state(ok(node.search("spoken", "headphones")), "CLARIFICATION");

        JsonNode answered = state(
                ok(
                        node.http()
                                .post(
                                        "/api/v1/chat",
                                        ShoppingNode.body(
                                                "spoken",
                                                "this",
                                                ",\"session_id\":" + asked.path("session_id")
                                                        + ",\"media\":[{\"media_type\":\"audio\",\"s3_key\":\"say:under 90\"}]"))),
                "COMPLETED");

        assertThat(answered.path("request_id")).isEqualTo(asked.path("request_id"));
        assertThat(answered.at("/requirement_spec/product_type").asText()).isEqualTo("headphones");
        assertThat(answered.at("/requirement_spec/price/max").asInt()).isEqualTo(90);
    }

    @Test
    void aMediaServiceThatIsDownCostsAWarningOnly() throws Exception {
        node.media().control("{\"path\":\"/transcribe\",\"fault\":\"status\",\"value\":503,\"times\":3}");

        JsonNode turn = state(
                ok(node.http()
                        .post(
                                "/api/v1/search",
                                ShoppingNode.body(
                                        "deaf", DELL, ",\"media\":[{\"media_type\":\"audio\",\"s3_key\":\"say:x\"}]"))),
                "COMPLETED");

        assertThat(turn.at("/results/warnings/0").asText()).contains("say:x");
        assertThat(node.media().calls("/transcribe")).hasSize(3);
    }

    @Test
    void SA_10_aCatalogThatFailsIsAskedAgainAndNotTakenForAnEmptyOne() throws Exception {
        node.catalog().control("{\"path\":\"/search\",\"fault\":\"status\",\"value\":503,\"times\":2}");
        state(ok(node.search("sa10", DELL + " on amazon")), "COMPLETED");
        List<JsonNode> calls = node.catalog().calls("/search");
        assertThat(calls).hasSize(3);
        assertThat(calls)
                .extracting(call -> call.path("key").asText())
                .containsOnly(calls.get(0).path("key").asText());

        node.catalog().control("{\"path\":\"/search\",\"fault\":\"status\",\"value\":503}");
        JsonClient.Reply reply = node.search("sa10", DELL + " on amazon");

        assertThat(reply.status()).isEqualTo(503);
        state(reply.body(), "FAILED");
        assertThat(reply.body().path("status").asText()).isEqualTo("failed");
        assertThat(reply.body().at("/error/step").asText()).isEqualTo("SEARCHING");
        JsonNode session = node.session(reply.body().path("session_id").asText());
        assertThat(session.path("state").asText()).isEqualTo("FAILED");
        assertThat(session.path("workflow_stage").asText()).isEqualTo("failed");
        assertThat(session.at("/error/step").asText()).isEqualTo("SEARCHING");
        assertThat(node.catalog().calls("/search")).hasSize(6);
    }

    @Test
    void aCatalogThatDoesNotAnswerInTimeIs504() throws Exception {
        node.catalog().control("{\"path\":\"/search\",\"fault\":\"status\",\"value\":504}");

        JsonClient.Reply reply = node.search("late", DELL + " on amazon");

        assertThat(reply.status()).isEqualTo(504);
        assertThat(reply.body().at("/error/code").asText()).isEqualTo("timeout");
        assertThat(state(reply.body(), "FAILED").at("/error/step").asText()).isEqualTo("SEARCHING");
    }

    @Test
    void someMarketplacesThatFailAreAWarning() throws Exception {
        node.catalog()
                .control(
                        "{\"path\":\"/search\",\"match\":{\"marketplaces\":[\"ebay\"]},\"fault\":\"status\",\"value\":500}");

        JsonNode turn = state(ok(node.search("some", DELL)), "COMPLETED");

        assertThat(turn.at("/results/products")).isNotEmpty();
        assertThatJson(turn.at("/results/marketplaces_searched")).isEqualTo("['amazon','walmart','kroger','target']");
        assertThatJson(turn.at("/results/warnings")).isEqualTo("['ebay could not be searched']");
    }

    @Test
    void SA_13_aSessionGoesOn() throws Exception {
        JsonNode first = state(ok(node.search("sa13", DELL)), "COMPLETED");
        String id = first.path("session_id").asText();

        JsonNode second = state(ok(node.chat("sa13", id, "make it under 500")), "COMPLETED");

        assertThat(second.path("session_id").asText()).isEqualTo(id);
        assertThat(second.path("request_id")).isNotEqualTo(first.path("request_id"));
        assertThat(second.at("/requirement_spec/product_type").asText()).isEqualTo("laptop");
        assertThatJson(second.at("/requirement_spec/brand_preferences")).isEqualTo("['Dell']");
        assertThat(second.at("/requirement_spec/price/max").asInt()).isEqualTo(500);
        assertThat(node.session(id).path("request_id")).isEqualTo(second.path("request_id"));
        assertThat(list(second.at("/results/products")))
                .isNotEmpty()
                .allSatisfy(
                        product -> assertThat(product.path("price").asDouble()).isLessThanOrEqualTo(500));
    }

    @Test
    void SA_16_aUserWhoSaysTooMuchWaitsAndOthersDoNot() throws Exception {
        List<Integer> statuses = new ArrayList<>();
        for (int i = 0; i < 11; i++) {
            JsonClient.Reply reply =
                    node.http().post("/api/v1/search", ShoppingNode.body("sa16", DELL, ""), "Prefer", "wait=0");
            statuses.add(reply.status());
            if (i == 10) {
                assertThat(Integer.parseInt(reply.header("Retry-After"))).isBetween(1, 60);
                refused(reply, 429);
            }
        }
        assertThat(statuses.subList(0, 10)).doesNotContain(429);
        ok(node.search("sa16-other", DELL));
    }

    @Test
    void whoDoesNotWaitIsToldWhereToLook() throws Exception {
        node.catalog().control("{\"leastMs\":300,\"mostMs\":300}");

        JsonClient.Reply reply =
                node.http().post("/api/v1/search", ShoppingNode.body("hasty", DELL, ""), "Prefer", "wait=0");

        assertThat(reply.status()).isEqualTo(202);
        String location = reply.header("Location");
        assertThat(location)
                .isEqualTo("/api/v1/sessions/" + reply.body().path("session_id").asText());
        assertThat(reply.body().path("request_id").asText()).startsWith("req-");
        await().atMost(PATIENCE)
                .until(() -> node.http()
                        .get(location)
                        .body()
                        .at("/session/state")
                        .asText()
                        .equals("COMPLETED"));
    }

    @Test
    void theSameKeyGetsTheFirstReplyAgain() throws Exception {
        String[] key = {"Idempotency-Key", "order-1"};
        String vague = ShoppingNode.body("keyed", "headphones", "");
        JsonNode first = state(ok(node.http().post("/api/v1/chat", vague, key)), "CLARIFICATION");
        node.clarify(first.path("session_id").asText(), "under 200");

        assertThat(ok(node.http().post("/api/v1/chat", vague, key))).isEqualTo(first);
        refused(node.http().post("/api/v1/chat", ShoppingNode.body("keyed", "laptops", ""), key), 409);
        JsonNode other = ok(node.http().post("/api/v1/chat", ShoppingNode.body("keyed-other", "headphones", ""), key));
        assertThat(other.path("session_id")).isNotEqualTo(first.path("session_id"));
    }

    @Test
    void ofTwoMessagesAtOnceOneIsTheAnswerAndTheOtherATurn() throws Exception {
        JsonNode asked = state(ok(node.search("twice", "headphones")), "CLARIFICATION");
        String body = ShoppingNode.body("twice", "under 200", ",\"session_id\":" + asked.path("session_id"));

        var one = node.http().postAsync("/api/v1/chat", body);
        var other = node.http().postAsync("/api/v1/chat", body);

        List<JsonNode> requests = List.of(
                state(ok(one.get(30, TimeUnit.SECONDS)), "COMPLETED").path("request_id"),
                state(ok(other.get(30, TimeUnit.SECONDS)), "COMPLETED").path("request_id"));
        assertThat(requests).doesNotHaveDuplicates().contains(asked.path("request_id"));
    }

    @Test
    void aSearchThatMayNotAskSearchesWithWhatIsKnown() throws Exception {
        JsonNode turn =
                ok(node.http().post("/api/v1/search", ShoppingNode.body("curt", "headphones", ",\"clarify\":false")));

        state(turn, "COMPLETED");
        assertThat(turn.at("/results/products")).hasSize(10);
    }

    @Test
    void aTurnCanBeCancelledWhileItWaits() throws Exception {
        String id = state(ok(node.search("cancels", "headphones")), "CLARIFICATION")
                .path("session_id")
                .asText();

        state(ok(node.http().post("/api/v1/sessions/" + id + "/cancel", "")), "CANCELLED");

        assertThat(node.session(id).path("state").asText()).isEqualTo("CANCELLED");
        refused(node.http().post("/api/v1/sessions/" + id + "/cancel", ""), 409);
        state(ok(node.chat("cancels", id, "under 200")), "COMPLETED");
    }

    @Test
    void aUserSeesItsSessionsTheNewestFirst() throws Exception {
        String first = ok(node.search("lists", DELL)).path("session_id").asText();
        String second = ok(node.search("lists", DELL)).path("session_id").asText();

        JsonNode sessions =
                ok(node.http().get("/api/v1/sessions?user_id=lists&limit=10")).path("sessions");

        assertThat(list(sessions))
                .extracting(session -> session.path("session_id").asText())
                .containsExactly(second, first);
        assertThat(ok(node.http().get("/api/v1/sessions?user_id=lists&limit=1")).path("sessions"))
                .hasSize(1);
    }

    @Test
    void itTellsWhatRunsHereAndHowItIs() throws Exception {
        JsonNode info = ok(node.http().get("/"));
        assertThat(info.path("service").asText()).isEqualTo("shopping-assistant");
        assertThat(info.path("version").asText()).isEqualTo("1.0.0");
        // Turns of other cases may still go on.
        JsonNode ready = await().atMost(PATIENCE)
                .until(
                        () -> ok(node.http().get("/health/ready")),
                        now -> now.at("/turns/under_way").asInt() == 0
                                && now.path("status").asText().equals("healthy"));
        assertThat(ready.path("environment").asText()).isEqualTo("development");
        assertThatJson(ready.path("checks")).isEqualTo("{store: 'ok', catalog: 'ok', media: 'ok', composer: 'off'}");
        assertThatJson(ready.path("turns")).isEqualTo("{under_way: 0, most: 100}");
        assertThatJson(ready.path("sockets")).isEqualTo("{open: 0, most: 1000}");
        assertThatJson(ok(node.http().get("/debug/connections"))).isEqualTo("{total_connections: 0, sessions: {}}");
        assertThat(ok(node.http().get("/metrics")).asText())
                .contains("segno_shopping_sockets 0.0", "segno_shopping_turns ", "segno_runs_started_total");

        node.catalog().control("{\"path\":\"/health\",\"fault\":\"status\",\"value\":503}");
        JsonNode degraded = ok(node.http().get("/health/ready"));
        assertThat(degraded.path("status").asText()).isEqualTo("degraded");
        assertThat(degraded.at("/checks/catalog").asText()).isEqualTo("down");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/docs", "/redoc", "/openapi.json"})
    void itsInterfaceIsDescribed(String path) throws Exception {
        assertThat(node.http().get(path).status()).isEqualTo(200);
        assertThat(node.http().get("/openapi.json").body().path("paths").has("/api/v1/search"))
                .isTrue();
    }
}
