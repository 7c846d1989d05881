package dev.segno.camel;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.segno.controlplane.ControlAnswer;
import dev.segno.controlplane.ControlOperation;
import dev.segno.controlplane.ControlRequest;
import dev.segno.security.ApiError;
import dev.segno.security.ApiException;
import org.jspecify.annotations.Nullable;

/**
 * Ends a request with an error.
 *
 * @param field that is wrong, or null
 */
record ControlRefusal(
        int status, String code, String message, @Nullable String field) implements ControlOperation {

    @Override
    public ControlAnswer answer(ControlRequest request) {
        if (field == null) {
            throw new ApiException(new ApiError(status, code, message));
        }
        var details = JsonNodeFactory.instance.arrayNode();
        details.addObject().put("path", "/" + field).put("message", message);
        throw new ApiException(new ApiError(status, code, message, details));
    }
}
