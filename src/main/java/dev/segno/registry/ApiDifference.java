package dev.segno.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * How two versions of an API document differ, operation by operation, each named as in {@code GET /items}.
 *
 * @param changed operations that are in both and are not the same
 */
public record ApiDifference(List<String> added, List<String> removed, List<String> changed) {

    /** Nothing differs. */
    static final ApiDifference NONE = new ApiDifference(List.of(), List.of(), List.of());

    private static final Set<String> METHODS =
            Set.of("get", "put", "post", "delete", "options", "head", "patch", "trace");

    /** Compares documents. References are compared as they are written; what they lead to counts for all operations. */
    static ApiDifference of(JsonNode before, JsonNode after) {
        boolean sharedChanged = !before.path("components").equals(after.path("components"))
                || !before.path("definitions").equals(after.path("definitions"));
        Set<String> all = new TreeSet<>(operations(before));
        all.addAll(operations(after));
        List<String> added = new ArrayList<>();
        List<String> removed = new ArrayList<>();
        List<String> changed = new ArrayList<>();
        for (String operation : all) {
            JsonNode old = find(before, operation);
            JsonNode now = find(after, operation);
            if (old.isMissingNode()) {
                added.add(operation);
            } else if (now.isMissingNode()) {
                removed.add(operation);
            } else if (!old.equals(now) || (sharedChanged && now.toString().contains("\"$ref\""))) {
                changed.add(operation);
            }
        }
        return new ApiDifference(added, removed, changed);
    }

    private static Set<String> operations(JsonNode document) {
        Set<String> names = new TreeSet<>();
        document.path("paths")
                .properties()
                .forEach(path -> path.getValue().fieldNames().forEachRemaining(method -> {
                    if (METHODS.contains(method)) {
                        names.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey());
                    }
                }));
        return names;
    }

    private static JsonNode find(JsonNode document, String operation) {
        int space = operation.indexOf(' ');
        JsonNode path = document.path("paths").path(operation.substring(space + 1));
        JsonNode found = path.path(operation.substring(0, space).toLowerCase(Locale.ROOT));
        return found.isMissingNode() ? MissingNode.getInstance() : found;
    }

    /** How much the worst of it matters to who calls the API. */
    public String severity() {
        return !removed.isEmpty() ? "high" : !changed.isEmpty() ? "med" : "low";
    }
}
