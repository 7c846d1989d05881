package dev.segno.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.segno.security.ApiError;
import java.util.List;

/**
 * What is wrong with one part of a request.
 *
 * @param path    JSON pointer into the body, or {@code ?name} for a query parameter
 * @param message what is wrong, without what was sent
 * @param missing whether it is required and is not there, or is empty
 */
record Fault(String path, String message, boolean missing) {

    static Fault missing(String path) {
        return new Fault(path, "is required", true);
    }

    /** The same fault as one of a query parameter. */
    Fault ofParameter(String name) {
        return new Fault("?" + name, message, missing);
    }

    /**
     * The error for a request.
     *
     * @param message       what is said of the request as a whole
     * @param missingStatus status when nothing is wrong but that something is missing; then, and with any status but 400,
     *                      the first fault is the message
     */
    static ApiError error(List<Fault> faults, String message, int missingStatus) {
        ArrayNode details = JsonNodeFactory.instance.arrayNode();
        faults.forEach(fault -> details.addObject().put("path", fault.path()).put("message", fault.message()));
        boolean lacking = faults.stream().allMatch(Fault::missing);
        return new ApiError(
                lacking ? missingStatus : 400,
                "invalid",
                missingStatus == 400 ? message : faults.get(0).sentence(),
                details);
    }

    private String sentence() {
        String name = path.replaceFirst("^[/?]", "").replace('/', '.');
        return (name.isEmpty() ? "The request body" : name) + " " + message;
    }
}
