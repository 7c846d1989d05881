package dev.segno.sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.http.HttpMethod;
import java.util.Locale;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** The OpenAPI document of a stand-in, as far as it tells which operations there are. */
final class ServiceDocument {

    private final StandIn standIn;
    private final SortedMap<String, SortedSet<String>> methods = new TreeMap<>();

    ServiceDocument(StandIn standIn) {
        this.standIn = standIn;
    }

    /** Adds an operation; in the path {@code :name} stands for a parameter. */
    void add(HttpMethod method, String path) {
        methods.computeIfAbsent(path.replaceAll(":([A-Za-z]+)", "{$1}"), key -> new TreeSet<>())
                .add(method.name().toLowerCase(Locale.ROOT));
    }

    ObjectNode json() {
        ObjectNode json = Json.object().put("openapi", "3.1.0");
        json.putObject("info").put("title", standIn.name()).put("version", "1.0");
        ObjectNode paths = json.putObject("paths");
        methods.forEach((path, names) -> {
            ObjectNode item = paths.putObject(path);
            names.forEach(name ->
                    item.putObject(name).putObject("responses").putObject("200").put("description", "Done"));
        });
        return json;
    }
}
