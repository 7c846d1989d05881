package dev.segno.spec;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.segno.sandbox.Sandbox;
import dev.segno.sandbox.SandboxSettings;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The assistant with a composer and a language model. */
class ShoppingComposerTest {

    private static final String DELL = "laptop under $1000 from Dell";
    private static final String NO_MORE = "No more could be found out about ";
    private static final String BUILT_IN = "The ranking service could not be used; the built-in order was taken";

    @TempDir
    private static Path directory;

    private static Sandbox others;
    private static ShoppingNode node;
    private static StandInClient composer;
    private static StandInClient model;

    @BeforeAll
    static void start() throws Exception {
        Map<String, Integer> ports = new HashMap<>(Map.of("response-composer", 0, "language-model", 0));
        others = Sandbox.start(new SandboxSettings(ports, "k"));
        composer = new StandInClient(others.uri("response-composer"));
        model = new StandInClient(others.uri("language-model"));
        node = ShoppingNode.start(
                directory.resolve("data"),
                Map.of(
                        "RESPONSE_COMPOSER_URL",
                        others.uri("response-composer").toString(),
                        "LLM_URL",
                        others.uri("language-model") + "/v1/chat/completions",
                        "RATE_LIMIT_PER_USER",
                        "0",
                        "CATALOG_DETAIL_COUNT",
                        "2",
                        "HTTP_BACKOFF",
                        "10ms",
                        "HTTP_TIMEOUT",
                        "30s",
                        "SEARCH_TIMEOUT",
                        "1m"));
    }

    @AfterAll
    static void stop() {
        if (node != null) {
            node.close();
        }
        others.close();
    }

    @BeforeEach
    void calm() throws Exception {
        node.calm();
        composer.reset();
        model.reset();
    }

    private static JsonNode completed(String message) throws Exception {
        JsonClient.Reply reply = node.search("u", message);
        assertThat(reply.status()).as(reply.body().toString()).isEqualTo(200);
        assertThat(reply.body().path("state").asText())
                .as(reply.body().toString())
                .isEqualTo("COMPLETED");
        return reply.body();
    }

    @Test
    void theComposerRanksAndFindsTheWords() throws Exception {
        JsonNode turn = completed(DELL);

        assertThat(turn.at("/results/products/0/why_ranked").asText()).isEqualTo("well rated");
        assertThat(turn.path("message").asText()).startsWith("Here are 10 of ").endsWith("laptop");
        assertThat(turn.at("/results/warnings")).extracting(JsonNode::asText).doesNotContain(BUILT_IN);
        assertThat(composer.calls("/rank")).hasSize(1);
        assertThat(composer.calls("/compose")).hasSize(1);
    }

    @Test
    void SA_11_withoutTheComposerThereIsAWarningAndOurOwnOrder() throws Exception {
        composer.control("{\"path\":\"*\",\"fault\":\"status\",\"value\":503,\"times\":6}");

        JsonNode turn = completed(DELL);

        assertThat(turn.at("/results/warnings")).extracting(JsonNode::asText).contains(BUILT_IN);
        assertThat(turn.at("/results/products/0/why_ranked").asText()).contains("USD, rated");
        assertThat(turn.path("message").asText()).contains("laptop");
    }

    @Test
    void theBestProductsAreLookedUpAndOneThatCannotBeIsAWarning() throws Exception {
        JsonNode turn = completed(DELL);
        JsonNode products = turn.at("/results/products");
        assertThat(products.at("/0/seller_name").asText()).startsWith("Dell at ");
        assertThat(products.at("/1/attributes/warranty_months").asInt()).isPositive();
        assertThat(products.at("/1/attributes/brand").asText()).isEqualTo("Dell");
        assertThat(products.at("/2/seller_name").isNull()).isTrue();
        assertThat(products).hasSize(10);
        assertThat(turn.at("/results/warnings"))
                .extracting(JsonNode::asText)
                .noneMatch(warning -> warning.startsWith(NO_MORE));
        String first = products.at("/0/product_id").asText();
        assertThat(node.catalog().calls("/products/" + first))
                .extracting(call -> call.at("/query/marketplace").asText())
                .containsExactly(products.at("/0/marketplace").asText());

        node.catalog().control("{\"path\":\"/products/" + first + "\",\"fault\":\"status\",\"value\":500}");
        JsonNode without = completed(DELL);

        assertThat(without.at("/results/products/0/product_id").asText()).isEqualTo(first);
        assertThat(without.at("/results/products/0/seller_name").isNull()).isTrue();
        assertThat(without.at("/results/products/1")).isEqualTo(products.path(1));
        assertThat(without.at("/results/warnings")).extracting(JsonNode::asText).contains(NO_MORE + first);
    }

    @Test
    void aComposerThatRanksWhatItWasNotGivenIsNotBelieved() throws Exception {
        composer.control("{\"path\":\"/rank\",\"fault\":\"malformed\",\"times\":3}");

        assertThat(completed(DELL).at("/results/warnings"))
                .extracting(JsonNode::asText)
                .contains(BUILT_IN);
    }

    @Test
    void theModelReadsAndWhereItCannotTheRulesDo() throws Exception {
        JsonNode read = completed("cheap silent thing for flights, model says headphones under 150");
        assertThat(read.at("/requirement_spec/product_type").asText()).isEqualTo("headphones");
        assertThat(read.at("/requirement_spec/price/max").asInt()).isEqualTo(150);
        assertThat(read.at("/results/warnings")).isEmpty();
        assertThat(model.calls("/v1/chat/completions")).hasSize(1);

        model.control("{\"path\":\"*\",\"fault\":\"status\",\"value\":500,\"times\":3}");
        JsonNode byRules = completed(DELL);
        assertThat(byRules.at("/requirement_spec/product_type").asText()).isEqualTo("laptop");
        assertThat(byRules.at("/results/warnings"))
                .extracting(JsonNode::asText)
                .containsExactly("The language model could not be used; the message was read by rules");

        JsonNode nonsense = completed("model says nothing, laptop under 1000");
        assertThat(nonsense.at("/requirement_spec/product_type").asText()).isEqualTo("laptop");
    }
}
