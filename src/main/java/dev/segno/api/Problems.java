package dev.segno.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.segno.camel.yaml.Problem;
import dev.segno.security.ApiError;
import dev.segno.security.ApiException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What is wrong with route files, as JSON. Stateless, hence safe for concurrent use. */
final class Problems {

    private Problems() {}

    static List<Map<String, Object>> documents(List<Problem> problems) {
        return problems.stream().map(Problems::document).toList();
    }

    private static Map<String, Object> document(Problem problem) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("severity", problem.severity().name());
        document.put("file", problem.file());
        document.put("line", problem.line());
        document.put("column", problem.column());
        document.put("what", problem.what());
        document.put("advice", problem.advice());
        return document;
    }

    /** The answer to a text that is no route file: 422 with all that is wrong, of which the first error is the message. */
    static ApiException refusal(List<Problem> problems) {
        Problem first = problems.stream().filter(Problem::isError).findFirst().orElseThrow();
        String message =
                "Line " + first.line() + ", column " + first.column() + ": " + first.what() + ". " + first.advice();
        return new ApiException(new ApiError(422, "invalid-routes", message, details(problems)));
    }

    private static ObjectNode details(List<Problem> problems) {
        ObjectNode details = JsonNodeFactory.instance.objectNode();
        ArrayNode list = details.putArray("problems");
        for (Problem problem : problems) {
            list.addObject()
                    .put("severity", problem.severity().name())
                    .put("file", problem.file())
                    .put("line", problem.line())
                    .put("column", problem.column())
                    .put("what", problem.what())
                    .put("advice", problem.advice());
        }
        return details;
    }
}
