package dev.segno.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.segno.run.EditedInput;
import dev.segno.run.Payload;
import dev.segno.security.ApiException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EditedInputsTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static @Nullable EditedInput read(String json) throws Exception {
        return EditedInputs.of(JSON.readTree(json));
    }

    static Stream<String> namesThatSteer() {
        return Stream.of(
                        "CamelHttpUri",
                        "CamelFileName",
                        "CamelExceptionCaught",
                        "org.apache.camel.anything",
                        "org_apache_camel_x",
                        "JMSReplyTo",
                        "Long-Running-Action",
                        "breadcrumbId",
                        "Segno-Run",
                        "Authorization",
                        "Cookie",
                        "X-API-Key",
                        "Host",
                        "Transfer-Encoding")
                .flatMap(name -> Stream.of(name, name.toLowerCase(Locale.ROOT), name.toUpperCase(Locale.ROOT)));
    }

    @ParameterizedTest
    @MethodSource("namesThatSteer")
    void aVariableThatSteersIsRefused(String name) {
        assertThatThrownBy(() -> read(JSON.createObjectNode()
                        .set("variables", JSON.createObjectNode().put(name, "x"))
                        .toString()))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining(name);
    }

    @Test
    void aVariableOfAnotherScopeIsRefused() {
        for (String name : List.of("global:a", "route:a", "header:a", "", " ", "run.", "a b", "ünï")) {
            assertThatThrownBy(() -> read("{\"variables\":{\"" + name + "\":1}}"))
                    .as(name)
                    .isInstanceOf(ApiException.class);
        }
    }

    @Test
    void whatIsNotNamedStaysAndNullIsAValue() throws Exception {
        assertThat(read("{}")).isNull();
        assertThat(read("{\"from\":\"fetch\"}")).isNull();
        assertThat(read("{\"body\":null}")).isEqualTo(new EditedInput((Payload.Inline) Payload.NONE, null));
        assertThat(read("{\"variables\":{\"run.size\":3,\"gone\":null}}"))
                .isEqualTo(new EditedInput(null, "{\"run.size\":3,\"gone\":null}"));
        assertThat(read("{\"body\":\"text\"}")).isEqualTo(new EditedInput(inline(Payload.Kind.TEXT, "text"), null));
        assertThat(Objects.requireNonNull(read("{\"body\":{\"a\":[1]}}")).body())
                .isEqualTo(inline(Payload.Kind.JSON, "{\"a\":[1]}"));
    }

    private static Payload.Inline inline(Payload.Kind kind, String text) {
        return new Payload.Inline(kind, text.getBytes(StandardCharsets.UTF_8));
    }
}
