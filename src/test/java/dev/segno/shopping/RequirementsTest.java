package dev.segno.shopping;

import static net.javacrumbs.jsonunit.assertj.JsonAssertions.assertThatJson;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequirementsTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            laptop under $1000 from Dell            | {product_type: 'laptop', price: {max: 1000, currency: 'USD'}, brand_preferences: ['Dell']}
            Headphones                              | {product_type: 'headphones'}
            under 200 dollars                       | {price: {max: 200, currency: 'USD'}}
            make it under 500                       | {price: {max: 500}}
            500-1000                                | {price: {min: 500, max: 1000}}
            between $1,200 and $2k                  | {price: {min: 1200, max: 2000, currency: 'USD'}}
            at least 300 euros                      | {price: {min: 300, currency: 'EUR'}}
            around 100                              | {price: {min: 80, max: 120}}
            300                                     | {price: {max: 300}}
            laptop with at least 16 GB RAM          | {product_type: 'laptop', attributes: {ram_gb: '>=16'}}
            laptop 1 TB ssd, 15.6 inch              | {product_type: 'laptop', attributes: {storage_gb: '>=1000', screen_inches: '15.6'}}
            running shoes under 90, size 10         | {product_type: 'running shoes', price: {max: 90}, attributes: {size: '10'}}
            red shoes rated 4 stars or more         | {product_type: 'shoes', attributes: {color: 'red'}, rating_min: 4}
            a used camera from Canon on ebay        | {product_type: 'camera', condition: 'used', brand_preferences: ['Canon'], marketplaces: ['ebay']}
            wireless headphones by Acme             | {product_type: 'headphones', brand_preferences: ['Acme'], attributes: {wireless: true}}
            garden gnome below 40                   | {product_type: 'garden gnome', price: {max: 40}}
            I don't know                            | {}
            whatever                                | {}
            this                                    | {}
            """)
    void aTextSaysThis(String text, String said) {
        assertThatJson(RequirementRules.read(text)).isEqualTo(said);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "   ",
                "$",
                "-",
                "between",
                "under",
                "99999999999999999999999999",
                "\u0000",
                "((((",
                "🙂🙂",
                "1.2.3.4"
            })
    void anyTextIsRead(String text) {
        assertThat(RequirementRules.read(text).path("product_type").asText("")).hasSizeLessThan(60);
    }

    @Test
    void aLongTextIsReadInAMoment() {
        String text = ("1,1" + " $".repeat(10) + "a-").repeat(200).substring(0, 4900) + " laptop";
        long began = System.nanoTime();

        RequirementRules.read(text);

        assertThat(System.nanoTime() - began).isLessThan(5_000_000_000L);
    }

    private static ObjectNode understand(JsonNode earlier, String text, int rounds) {
        ObjectNode body = Json.object().put("text", text).put("rounds", rounds);
        body.set("earlier", earlier);
        return Requirements.understand(body, 2);
    }

    private static JsonNode spec(JsonNode earlier, String text) {
        return understand(earlier, text, 0).path("requirement_spec");
    }

    @Test
    void whatIsSaidLaterIsAddedAndReplaces() {
        JsonNode first = spec(Json.object().nullNode(), "laptop under $1000 from Dell");
        JsonNode second = spec(first, "make it under 500, black");

        assertThatJson(second)
                .isEqualTo(
                        "{product_type: 'laptop', attributes: {color: 'black'}, filters: {}, price: {min: null, max: 500,"
                                + " currency: 'USD'}, brand_preferences: ['Dell'], rating_min: null, condition: null,"
                                + " marketplaces: ['amazon', 'walmart', 'ebay', 'kroger', 'target']}");
    }

    @Test
    void anotherProductIsAnotherRequest() {
        JsonNode second = spec(spec(Json.object().nullNode(), "laptop under $1000 from Dell"), "and now headphones");

        assertThat(second.path("product_type").asText()).isEqualTo("headphones");
        assertThat(second.path("brand_preferences")).isEmpty();
        assertThat(second.at("/price/max").isNull()).isTrue();
    }

    @Test
    void spansOfPricesStaySpans() {
        JsonNode dear = spec(spec(Json.object().nullNode(), "laptop above 2000"), "under 500");
        assertThatJson(dear.path("price")).isEqualTo("{min: null, max: 500, currency: 'USD'}");
    }

    @Test
    void whatIsMissingIsAskedForTwiceAtMost() {
        JsonNode nothing = Json.object().nullNode();
        assertThat(understand(nothing, "hello", 0).at("/question/context").asText())
                .isEqualTo("product type missing");
        JsonNode asked = understand(nothing, "headphones", 0);
        assertThat(asked.at("/question/context").asText()).isEqualTo("price missing");
        assertThat(asked.at("/question/suggestions")).isNotEmpty();
        assertThat(understand(asked.path("requirement_spec"), "hm", 1)
                        .at("/question/context")
                        .asText())
                .isEqualTo("brand or feature missing");
        assertThat(understand(asked.path("requirement_spec"), "hm", 2)
                        .path("question")
                        .isNull())
                .isTrue();
        assertThat(understand(nothing, "wireless headphones", 0)
                        .path("question")
                        .isNull())
                .isTrue();
    }

    @Test
    void ofAModelsReadingOnlyWhatFitsIsTaken() throws Exception {
        JsonNode read = Json.MAPPER.readTree("""
            {"product_type": " tv ", "price": {"min": -5, "max": 900, "currency": "dollar"}, "rating_min": 9,
             "condition": "broken", "marketplaces": ["amazon", "moon"], "brand_preferences": ["LG", 5], "evil": true}""");

        assertThatJson(Requirements.checked(read))
                .isEqualTo(
                        "{product_type: 'tv', price: {max: 900}, brand_preferences: ['LG'], marketplaces: ['amazon']}");
        assertThatThrownBy(() -> Requirements.checked(Json.object().put("text", "no idea")))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
