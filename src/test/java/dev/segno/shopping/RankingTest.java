package dev.segno.shopping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RankingTest {

    private final ArrayNode products = Json.array();

    private ObjectNode add(String id, @Nullable Double price, @Nullable Double rating) {
        return products.addObject().put("product_id", id).put("price", price).put("rating", rating);
    }

    private static List<String> ids(JsonNode ranked) {
        return StreamSupport.stream(ranked.spliterator(), false)
                .map(product -> product.path("product_id").asText())
                .toList();
    }

    private List<String> ranked() {
        ObjectNode body = Json.object();
        body.set("products", products);
        return ids(Ranking.ranked(body));
    }

    private List<String> matching(String spec) throws Exception {
        ObjectNode body = Json.object();
        body.set("products", products);
        body.set("requirement_spec", Json.MAPPER.readTree(spec));
        return ids(Ranking.matching(body));
    }

    @Test
    void SA_12_whatHasNoPriceComesBehindWhatHasOne() {
        add("unpriced", null, 4.5);
        add("dear", 900.0, 4.5);
        add("cheap", 100.0, 4.5);
        assertThat(ranked()).containsExactly("cheap", "dear", "unpriced");
    }

    @Test
    void priceWeighsAlsoAboveAFewDollars() {
        add("dear and good", 1000.0, 4.4);
        add("cheap and good", 500.0, 4.3);
        add("cheap and bad", 500.0, 1.0);
        assertThat(ranked()).containsExactly("cheap and good", "dear and good", "cheap and bad");
    }

    @Test
    void equalsStandInTheOrderOfTheirReviewsAndIds() {
        add("c", 10.0, 4.0);
        add("b", 10.0, 4.0);
        add("a", 10.0, 4.0).put("review_count", 3);
        add("d", 10.0, 4.0).put("review_count", 30);
        assertThat(ranked()).containsExactly("d", "a", "b", "c");
    }

    @Test
    void tenAreShownEachWithAReason() {
        for (int i = 0; i < 30; i++) {
            add("p" + i, 10.0 + i, i % 5 + 0.5);
        }
        ObjectNode body = Json.object();
        body.set("products", products);
        assertThat(Ranking.ranked(body))
                .hasSize(10)
                .allSatisfy(product ->
                        assertThat(product.path("why_ranked").asText()).contains("rated"));
    }

    @Test
    void whatIsNotAskedForIsLeftOut() throws Exception {
        add("fits", 100.0, 4.0).put("title", "Dell laptop");
        add("fits", 100.0, 4.0).put("title", "Dell laptop again");
        add("dear", 2000.0, 4.0).put("title", "Dell laptop");
        add("bad", 100.0, 2.0).put("title", "Dell laptop");
        add("other", 100.0, 4.0).put("title", "HP laptop");
        add("unpriced", null, 4.0).put("title", "Dell laptop");
        assertThat(matching("{\"price\":{\"max\":1000},\"rating_min\":3,\"brand_preferences\":[\"dell\"]}"))
                .containsExactly("fits");
        assertThat(matching("{\"price\":{}}")).containsExactly("fits", "dear", "bad", "other", "unpriced");
    }

    @Test
    void anOrderOfSomebodyElseHoldsOurProductsOnly() {
        add("a", 1.0, 1.0);
        add("b", 2.0, 2.0);
        ObjectNode body = Json.object();
        body.set("products", products);
        body.putArray("ranked").addObject().put("product_id", "b").put("price", 0);
        JsonNode order = Ranking.checked(body);
        assertThat(ids(order)).containsExactly("b");
        assertThat(order.at("/0/price").asDouble()).isEqualTo(2.0);

        body.putArray("ranked").addObject().put("product_id", "x");
        assertThatThrownBy(() -> Ranking.checked(body)).isInstanceOf(IllegalArgumentException.class);
        body.putArray("ranked");
        assertThatThrownBy(() -> Ranking.checked(body)).isInstanceOf(IllegalArgumentException.class);
    }
}
