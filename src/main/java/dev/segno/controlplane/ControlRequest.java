package dev.segno.controlplane;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What an operation is asked. Bodies and query parameters have been checked against the package's document; what that
 * cannot say is checked here.
 *
 * @param body          the JSON object that was sent; empty when there was none
 * @param parameters    values of query and path parameters, and of headers, by their names
 * @param requestId     id of the request
 * @param correlationId of the request's body or header, or a new one
 * @param effectKey     the same each time that this is asked by the same step of a run; empty outside of runs
 */
public record ControlRequest(
        Map<String, @Nullable Object> body,
        Function<String, Optional<String>> parameters,
        String requestId,
        String correlationId,
        Optional<String> effectKey) {

    /** A parameter; empty when it is missing or blank. */
    public Optional<String> parameter(String name) {
        return parameters.apply(name).filter(value -> !value.isBlank());
    }

    /** A parameter that is a whole number; the fallback when it is missing or none. */
    public int number(String name, int fallback) {
        return parameter(name)
                .filter(text -> text.matches("\\d{1,9}"))
                .map(Integer::valueOf)
                .orElse(fallback);
    }

    /** A text in the body; empty when it is missing or blank. */
    public Optional<String> text(String name) {
        return body.get(name) instanceof String text && !text.isBlank() ? Optional.of(text.strip()) : Optional.empty();
    }

    /** A whole number in the body; the fallback when it is missing. */
    public int integer(String name, int fallback) {
        return body.get(name) instanceof Number number ? number.intValue() : fallback;
    }

    /** A switch in the body, off when it is missing. */
    public boolean flag(String name) {
        return Boolean.TRUE.equals(body.get(name));
    }

    /** A list of texts in the body; empty when it is missing. */
    public List<String> texts(String name) {
        List<String> texts = new ArrayList<>();
        if (body.get(name) instanceof List<?> list) {
            for (Object item : list) {
                texts.add(String.valueOf(item));
            }
        }
        return texts;
    }

    /** An object in the body; empty when it is missing. */
    public Map<String, @Nullable Object> object(String name) {
        return JsonTree.object(body.get(name));
    }
}
