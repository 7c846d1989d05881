package dev.segno.camel;

import dev.segno.controlplane.ControlAnswer;
import dev.segno.controlplane.ControlOperation;
import dev.segno.controlplane.ControlRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Puts what a route has made into the envelope.
 *
 * @param message  of a wrapped answer; null for a flat one
 * @param repeated names of the data that stand on top too
 */
record ControlReply(@Nullable String message, List<String> repeated) implements ControlOperation {

    @Override
    public ControlAnswer answer(ControlRequest request) {
        return message == null
                ? ControlAnswer.flat(request.body())
                : ControlAnswer.wrapped(message, request.body()).repeating(repeated);
    }
}
