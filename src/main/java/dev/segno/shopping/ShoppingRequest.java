package dev.segno.shopping;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a route asks of the assistant.
 *
 * @param body       the message's body; a missing node if there is none
 * @param parameters options of the endpoint and headers, by their names
 * @param caller     who shows a credential; empty where nobody has to
 * @param runId      the run that asks; empty outside of runs
 * @param effectKey  what asks, the same on each attempt; empty outside of steps
 */
public record ShoppingRequest(
        JsonNode body,
        Function<String, Optional<String>> parameters,
        Optional<String> caller,
        Optional<String> runId,
        Optional<String> effectKey) {

    /** An option or a header, stripped; empty if it is absent or blank. */
    public Optional<String> parameter(String name) {
        return parameters.apply(name).map(String::strip).filter(text -> !text.isEmpty());
    }
}
