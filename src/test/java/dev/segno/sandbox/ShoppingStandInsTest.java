package dev.segno.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.segno.spec.JsonClient;
import dev.segno.spec.StandInClient;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The stand-ins of the shopping assistant's services keep to its contract. */
class ShoppingStandInsTest {

    private static final List<String> SERVICES =
            List.of("media-service", "catalog-service", "response-composer", "language-model");

    private static Sandbox sandbox;

    @BeforeAll
    static void start() throws IOException {
        sandbox = Sandbox.start(new SandboxSettings(
                Map.of("media-service", 0, "catalog-service", 0, "response-composer", 0, "language-model", 0), "k"));
    }

    @AfterAll
    static void stop() {
        sandbox.close();
    }

    @BeforeEach
    void reset() throws Exception {
        for (String service : SERVICES) {
            of(service).reset();
        }
        of("catalog-service").control("{\"leastMs\":0,\"mostMs\":0}");
    }

    private static StandInClient of(String service) {
        return new StandInClient(sandbox.uri(service));
    }

    private static JsonNode post(String service, String path, String body) throws Exception {
        JsonClient.Reply reply = of(service).post(path, body);
        assertThat(reply.status()).as(reply.body().toString()).isEqualTo(200);
        return reply.body();
    }

    @Test
    void theMediaServiceHearsAndSeesWhatStandsInTheKey() throws Exception {
        for (String prefix : List.of("", "/api/v1")) {
            assertThat(post("media-service", prefix + "/transcribe", "{\"s3_key\":\"a/say:red shoes.mp3\"}")
                            .path("transcript")
                            .asText())
                    .isEqualTo("red shoes");
            assertThat(post("media-service", prefix + "/extract-image-attributes", "{\"s3_key\":\"label:red-shoes\"}")
                            .at("/labels/0")
                            .asText())
                    .isEqualTo("red-shoes");
        }
        assertThat(of("media-service").post("/transcribe", "{}").status()).isEqualTo(400);
    }

    @Test
    void theCatalogHas100000ProductsAndFindsTheSameEachTime() throws Exception {
        assertThat(of("catalog-service").sandbox().at("/sizes/products").asInt())
                .isEqualTo(100_000);
        String search = "{\"requirement_spec\":{\"product_type\":\"laptop\",\"price\":{\"min\":300,\"max\":1000},"
                + "\"brand_preferences\":[\"dell\"],\"rating_min\":3.5},\"limit\":5,\"marketplaces\":[\"ebay\"]}";
        JsonNode found = post("catalog-service", "/search", search);

        assertThat(found.path("products")).hasSize(5).allSatisfy(product -> {
            assertThat(product.path("marketplace").asText()).isEqualTo("ebay");
            assertThat(product.at("/attributes/brand").asText()).isEqualTo("Dell");
            assertThat(product.path("rating").asDouble()).isGreaterThanOrEqualTo(3.5);
            assertThat(product.path("price").asDouble(300)).isBetween(300.0, 1000.0);
        });
        assertThat(found.path("total_count").asInt()).isGreaterThan(5);
        assertThat(post("catalog-service", "/api/v1/search/orchestrator", search))
                .isEqualTo(found);
        String id = found.at("/products/0/product_id").asText();
        JsonNode detail = of("catalog-service").get("/products/" + id).body();
        assertThat(detail.path("title")).isEqualTo(found.at("/products/0/title"));
        assertThat(detail.path("seller_name").asText()).isEqualTo("Dell at ebay");
        assertThat(found.at("/products/0/seller_name").isNull()).isTrue();
        assertThat(of("catalog-service").get("/products/ebay_x").status()).isEqualTo(404);
        assertThat(of("catalog-service").post("/search", "{}").status()).isEqualTo(422);
    }

    @Test
    void someProductsHaveNoPriceAndSomeNoRating() throws Exception {
        JsonNode all = post(
                "catalog-service", "/search", "{\"requirement_spec\":{\"product_type\":\"laptop\"},\"limit\":100}");

        assertThat(all.path("products"))
                .hasSize(100)
                .anySatisfy(
                        product -> assertThat(product.path("price").isNull()).isTrue())
                .anySatisfy(
                        product -> assertThat(product.path("rating").isNull()).isTrue());
    }

    @Test
    void faultsCanBeMeantForOneMarketplace() throws Exception {
        of("catalog-service")
                .control(
                        "{\"path\":\"/search\",\"match\":{\"marketplaces\":[\"ebay\"]},\"fault\":\"status\",\"value\":503}");
        String search = "{\"requirement_spec\":{\"product_type\":\"laptop\"},\"marketplaces\":[\"%s\"]}";

        assertThat(of("catalog-service")
                        .post("/search", search.formatted("ebay"))
                        .status())
                .isEqualTo(503);
        assertThat(of("catalog-service")
                        .post("/search", search.formatted("amazon"))
                        .status())
                .isEqualTo(200);
    }

    @Test
    void theComposerPutsTheBestRatedFirst() throws Exception {
        String products = "\"products\":[{\"product_id\":\"a\",\"rating\":1},{\"product_id\":\"b\",\"rating\":5}]";
        assertThat(post("response-composer", "/rank", "{" + products + "}")
                        .at("/products/0/product_id")
                        .asText())
                .isEqualTo("b");
        assertThat(post("response-composer", "/api/v1/compose", "{" + products + ",\"total_count\":7}")
                        .path("message")
                        .asText())
                .isEqualTo("Here are 2 of 7: product");
    }

    @Test
    void theModelReadsItsWordsOnly() throws Exception {
        String chat = "{\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}";
        assertThat(post("language-model", "/v1/chat/completions", chat.formatted("model says tv under 90"))
                        .at("/choices/0/message/content")
                        .asText())
                .isEqualTo("{\"product_type\":\"tv\",\"price\":{\"max\":90}}");
        assertThat(post("language-model", "/v1/chat/completions", chat.formatted("hello"))
                        .at("/choices/0/message/content")
                        .asText())
                .startsWith("I am not sure");
    }
}
