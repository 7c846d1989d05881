package dev.segno.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DayOfWeek;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is taken apart and put together without being written is what it would be if it had been. */
class JsonTest {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private static Stream<JsonNode> leaves() {
        return Stream.of(
                NODES.nullNode(),
                NODES.missingNode(),
                NODES.booleanNode(true),
                NODES.textNode("a \"text\" with ü and \u2028"),
                NODES.numberNode((short) 7),
                NODES.numberNode(Integer.MIN_VALUE),
                NODES.numberNode(7L),
                NODES.numberNode(1L << 40),
                NODES.numberNode(BigInteger.TEN),
                NODES.numberNode(BigInteger.ONE.shiftLeft(70)),
                NODES.numberNode(0.1),
                NODES.numberNode(-0.0),
                NODES.numberNode(1e300),
                NODES.numberNode(5.0),
                NODES.numberNode(0.1f),
                NODES.numberNode(Double.NaN),
                NODES.numberNode(Double.POSITIVE_INFINITY),
                NODES.numberNode(new BigDecimal("1.50")),
                NODES.numberNode(new BigDecimal("3")),
                NODES.binaryNode(new byte[] {1, 2, 3}),
                NODES.pojoNode(DayOfWeek.MONDAY));
    }

    private static Stream<@Nullable Object> values() {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("b", List.of(1, 2L, 3.5, "x", true));
        map.put("a", null);
        List<@Nullable Object> list = new ArrayList<>(List.of(map, Map.of("deep", List.of(List.of()))));
        list.add(null);
        return Stream.of(
                "text",
                true,
                1,
                1L << 40,
                2L,
                0.25,
                Double.NaN,
                0.1f,
                BigInteger.ONE.shiftLeft(70),
                new BigDecimal("1.50"),
                DayOfWeek.MONDAY,
                new byte[] {1, 2},
                new int[] {1, 2},
                Map.of(1, "keys that are numbers"),
                Map.of("inner", DayOfWeek.FRIDAY),
                map,
                list);
    }

    @ParameterizedTest
    @MethodSource("leaves")
    void treeIsTakenApartAsItReadsBack(JsonNode leaf) throws IOException {
        ObjectNode tree = NODES.objectNode();
        tree.set("z", leaf);
        tree.putArray("list").add(leaf).addObject().set("inner", leaf);
        Object readBack = Json.MAPPER.readValue(Json.MAPPER.writeValueAsBytes(tree), Object.class);

        assertThat(Json.plain(tree)).isEqualTo(readBack);
        assertThat(Json.plain(tree)).asString().startsWith("{z=").contains(", list=[");
    }

    @ParameterizedTest
    @MethodSource("values")
    void valueBecomesTheTreeThatItReadsBackAs(@Nullable Object value) throws IOException {
        assertThat(Json.tree(value).toString())
                .isEqualTo(Json.MAPPER
                        .readTree(Json.MAPPER.writeValueAsBytes(value))
                        .toString());
    }

    @Test
    void whatCannotBeWrittenIsRefused() {
        assertThatThrownBy(() -> Json.tree(Map.of("thing", new Object())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Not writable as JSON");
    }
}
