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
 * @param member   of the body that stands under {@code data} alone; null for the body itself
 * @param repeated names of the body's members that stand on top too
 */
record ControlReply(@Nullable String message, @Nullable String member, List<String> repeated)
        implements ControlOperation {

    @Override
    public ControlAnswer answer(ControlRequest request) {
        if (message == null) {
            return ControlAnswer.flat(request.body());
        }
        ControlAnswer answer = ControlAnswer.wrapped(message, request.body()).repeating(repeated);
        return member == null ? answer : answer.only(member);
    }
}
