package dev.segno.controlplane;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.segno.security.ApiError;
import dev.segno.security.ApiException;

/** Errors of requests, beyond what the package's document can say. Stateless, hence safe for concurrent use. */
final class Wrong {

    private Wrong() {}

    /** 422: a field is not there, or is empty. */
    static ApiException missing(String field, String message) {
        return new ApiException(new ApiError(422, "invalid", message, details(field, "is required")));
    }

    /** 400: a field cannot be used as it is. */
    static ApiException invalid(String field, String what) {
        return new ApiException(new ApiError(400, "invalid", field + " " + what, details(field, what)));
    }

    /** 404. */
    static ApiException notFound(String message) {
        return new ApiException(new ApiError(404, "not-found", message));
    }

    /** A path parameter of at most so many characters. */
    static String within(ControlRequest request, String name, int most) {
        String value = request.parameter(name).orElse("");
        if (value.length() > most) {
            throw invalid(name, "has more than " + most + " characters");
        }
        return value;
    }

    private static ArrayNode details(String field, String what) {
        ArrayNode details = JsonNodeFactory.instance.arrayNode();
        details.addObject().put("path", "/" + field).put("message", what);
        return details;
    }
}
